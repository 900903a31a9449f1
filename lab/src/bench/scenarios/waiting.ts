import { randomUUID } from 'node:crypto'
import { ledgerQueue, MerchantId, partitionOf } from '@recargas/contracts'
import amqp from 'amqplib'
import { diskOf, perSale, type DiskPerSale } from '../measure/disk.ts'
import { watch, type Spent } from '../measure/measured-path.ts'
import { withDatabase } from '../measure/peer-path.ts'
import { saleBody } from '../measure/load.ts'
import type { Bench, Outcome } from '../measure/scenario.ts'
import { hotMerchant } from '../measure/shops.ts'
import { rounded } from '../measure/statistics.ts'
import { waitUntil } from '@recargas/stack/wait-until'
import { entriesOf, startWholePath } from '../measure/whole-path.ts'

export type WaitingFigures = Spent & {
  readonly messages: number
  /** From the ledger's start until the last sale was settled. */
  readonly settledSeconds: number
  readonly salesPerSecond: number
  readonly disk: DiskPerSale
}

const publishedAtOnce = 500
/**
 * The ledger's largest `ACCEPT_UNTIL_MS`: a command that waited long is still sold, because the queue is measured, not the
 * deadline.
 */
const acceptMs = 600_000
const settleMsMax = acceptMs

/** A ledger that was away while commands were queued: it must take them in without growing. */
export const drainWaiting = async ({
  servers,
  plan,
  log,
}: Bench): Promise<Outcome<WaitingFigures>> => {
  const messages = plan.waitingMessages
  const whole = await startWholePath(servers, {
    name: 'waiting',
    ledgerEnv: { ACCEPT_UNTIL_MS: String(acceptMs) },
    adapterEnv: { SEND_DEADLINE_MS: String(acceptMs) },
  })
  try {
    const diskBefore = await diskOf(whole.ledgerUri)
    const before = await withDatabase(whole.ledgerUri, entriesOf)
    await whole.stack.processes.ledger.stop()
    log(`  queueing ${messages} commands …`)
    await publishCommands(whole.amqpUrl, whole.shop.sessionId, messages)
    const startedAt = performance.now()
    await whole.stack.processes.ledger.start()
    const watched = watch(whole.pids)
    await withDatabase(whole.ledgerUri, (db) =>
      waitUntil(
        'all that waited is settled',
        settleMsMax,
        async () => (await entriesOf(db)) >= before + 2 * messages,
        500,
      ),
    )
    const settledSeconds = (performance.now() - startedAt) / 1_000
    const figures = {
      messages,
      settledSeconds: rounded(settledSeconds),
      salesPerSecond: Math.round(messages / settledSeconds),
      ...watched(),
    }
    log(
      `  settled in ${settledSeconds.toFixed(0)} s, ledger at most ${figures.rssPeakMb['ledger'] ?? 0} MB`,
    )
    await whole.stack.processes.gateway.waitReady()
    const { proof, verification } = await whole.prove()
    const disk = perSale(await diskOf(whole.ledgerUri), diskBefore, proof.commits)
    return { figures: { ...figures, disk }, verified: { whole: verification } }
  } finally {
    await whole.stop()
  }
}

const publishCommands = async (
  amqpUrl: string,
  sessionId: number,
  count: number,
): Promise<void> => {
  const connection = await amqp.connect(amqpUrl)
  const channel = await connection.createConfirmChannel()
  const queue = ledgerQueue(partitionOf(MerchantId.parse(hotMerchant)))
  for (let published = 1; published <= count; published += 1) {
    const command = commandOf(sessionId)
    channel.sendToQueue(queue, Buffer.from(JSON.stringify(command)), {
      persistent: true,
      messageId: command.id,
      type: command.type,
      contentType: 'application/json',
    })
    if (published % publishedAtOnce === 0) await channel.waitForConfirms()
  }
  await channel.waitForConfirms()
  await connection.close()
}

/** The command that the gateway would publish for a sale of 0.10. */
const commandOf = (sessionId: number) => {
  const operationId = randomUUID()
  const { numero_cliente: number } = JSON.parse(saleBody(sessionId)) as { numero_cliente: string }
  const now = Date.now()
  return {
    specversion: '1.0',
    id: `${operationId}:RequestTopup`,
    source: 'bench',
    type: 'RequestTopup.v1',
    subject: operationId,
    time: new Date(now).toISOString(),
    correlationid: operationId,
    data: {
      operationId,
      merchant: hotMerchant,
      currency: 'BOB',
      actor: { userId: '1', username: 'user-1', role: 'Administrador' },
      requestedAt: new Date(now).toISOString(),
      acceptUntil: new Date(now + acceptMs).toISOString(),
      keyed: false,
      shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
      fingerprint: 'A'.repeat(43),
      sessionId,
      operator: 'Tigo',
      carrier: 'tpaga',
      slug: 'tigo',
      number,
      amount: 10,
      carrierAmount: 10,
      confirmDuplicate: false,
    },
  }
}
