import { waitUntil } from '@recargas/stack/readiness'
import { publishTo, type Outgoing } from '../runner/broker.ts'
import { commandOf } from '../runner/commands.ts'
import { countEntries, withDatabase } from '../runner/ledger-database.ts'
import { say } from '../runner/report.ts'
import { runScenario } from '../runner/scenario.ts'
import { hotMerchant, hotQueue } from '../runner/shops.ts'
import { rounded, timed } from '../runner/statistics.ts'
import { watch } from '../runner/usage.ts'
import { newNumber } from '../till/shop.ts'
import { diskOf, perSale } from './disk.ts'
import { printDisk, printUsage } from './print-results.ts'
import type { Bench } from './scenario.ts'
import { startWholePath } from './whole-path.ts'

const lookEveryMs = 500
/** The largest `ACCEPT_UNTIL_MS` that the ledger allows: no command may expire in the queue that is measured. */
const acceptMs = 600_000
const settleMsMax = acceptMs

/** Queues commands while the ledger is stopped; after its start it must process them in bounded memory. */
export const drainWaiting = ({ servers, plan: { waitingMessages: messages } }: Bench) =>
  runScenario({
    stack: () =>
      startWholePath(servers, {
        name: 'waiting',
        ledgerEnv: { ACCEPT_UNTIL_MS: String(acceptMs) },
        adapterEnv: { SEND_DEADLINE_MS: String(acceptMs) },
      }),
    load: async ({ system, sessionId, pids }) => {
      const { ledger, gateway } = system.processes
      const { administrationUri: uri } = system
      const diskBefore = await diskOf(uri)
      const before = await withDatabase(uri, countEntries)
      await ledger.stop()
      say(`  queueing ${messages} commands …`)
      await publishTo(system.amqpUrl, commandsOf(sessionId, messages))
      const { result: watched, ms } = await timed(async () => {
        await ledger.start()
        const spent = watch(pids)
        await withDatabase(uri, (db) => {
          const isSettled = async () => (await countEntries(db)) >= before + 2 * messages
          return waitUntil('all that waited is settled', settleMsMax, isSettled, lookEveryMs)
        })
        return spent
      })
      const figures = {
        messages,
        /** From the ledger's start until the last sale was settled. */
        settledSeconds: rounded(ms / 1_000),
        salesPerSecond: Math.round((messages / ms) * 1_000),
        ...watched(),
      }
      await gateway.waitReady()
      return { diskBefore, figures }
    },
    judge: async ({ diskBefore, figures }, whole) => {
      const { proof, verification } = await whole.prove()
      const disk = perSale(await diskOf(whole.system.administrationUri), diskBefore, proof.commits)
      return { figures: { ...figures, disk }, ledgers: { whole: verification } }
    },
    report: (figures) => {
      const most = figures.rssPeakMb['ledger'] ?? 0
      say(`  settled in ${figures.settledSeconds} s, ledger at most ${most} MB`)
      printUsage(figures)
      printDisk(figures.disk)
    },
  })

/** Sales of 0.10. */
function* commandsOf(sessionId: number, count: number): Generator<Outgoing> {
  for (let made = 0; made < count; made += 1) {
    const command = commandOf('RequestTopup.v1', hotMerchant, acceptMs, {
      sessionId,
      operator: 'Tigo',
      carrier: 'tpaga',
      slug: 'tigo',
      number: newNumber(),
      amount: 10,
      carrierAmount: 10,
      confirmDuplicate: false,
    })
    const { id: messageId, type } = command
    yield { queue: hotQueue, messageId, type, body: Buffer.from(JSON.stringify(command)) }
  }
}
