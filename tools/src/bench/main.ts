import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { cpus, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { Command, InvalidArgumentError } from 'commander'
import { acquireServers } from '../stack/backend.ts'
import { createVhost } from '../stack/rabbitmq-management.ts'
import { startStack } from '../stack/supervisor.ts'
import { openWholePath, type Measured } from './whole-path.ts'

const wholeNumber = (text: string): number => {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1)
    throw new InvalidArgumentError('a whole number from 1')
  return number
}
const wholeNumbers = (text: string): number[] => text.split(',').map(wholeNumber)

const program = new Command('npm run bench --')
  .description(
    'Sells through the whole path (gateway, queue, ledger, queue, adapter, sandbox and back) on one hot float, on\n' +
      'servers and databases of its own, and ends with the ledger proven: entries add up to balances, and the\n' +
      'carrier debited exactly what was committed.',
  )
  .option('--connections <list>', 'connections, one run each', wholeNumbers, [1, 64])
  .option('--seconds <n>', 'measured time of each run', wholeNumber, 15)
  .option('--warm-up <n>', 'seconds before the first run', wholeNumber, 5)
  .option('--out <file>', 'writes the figures as JSON')
  .parse()
type Options = {
  readonly connections: readonly number[]
  readonly seconds: number
  readonly warmUp: number
  readonly out?: string
}
const options = program.opts<Options>()
const say = (line: string) => console.log(line)

const commitOf = (): string =>
  execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()

const show = ({ load, result, cpuPercent, rssPeakMb }: Measured): void => {
  const { p50, p90, p99, max } = result.latencyMs
  say(`\n${load.connections} connections, ${load.seconds} s`)
  say(
    `  ${result.salesPerSecond} sales/s   p50 ${p50} ms   p90 ${p90} ms   p99 ${p99} ms   max ${max} ms`,
  )
  const others = Object.entries(result.other).map(([status, count]) => `${count} × ${status}`)
  if (others.length > 0 || result.errors > 0) {
    say(`  not sold: ${[...others, `${result.errors} errors`].join(', ')}`)
  }
  for (const [name, percent] of Object.entries(cpuPercent)) {
    say(
      `  ${name.padEnd(16)} ${String(percent).padStart(4)} % CPU ${String(rssPeakMb[name]).padStart(6)} MB`,
    )
  }
}

const run = async (): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'recargas-bench-'))
  say('starting servers and services …')
  const servers = await acquireServers({ folder, log: say })
  if (servers.managementUrl === null) throw new Error('the broker has no management API')
  await createVhost(servers.managementUrl, 'bench')
  const stack = await startStack({
    folder,
    mongodbUri: servers.mongodbUri,
    amqpUrl: `${servers.amqpUrl.replace(/\/$/, '')}/bench`,
    databaseSuffix: '_bench',
    env: Object.fromEntries(
      ['sandbox', 'ledger', 'adapter', 'gateway'].map((name) => [name, { LOG_LEVEL: 'warn' }]),
    ),
  })
  try {
    const ledgerUri = new URL(servers.mongodbUri)
    ledgerUri.pathname = '/recargas_ledger_bench'
    const { native } = servers
    const path = await openWholePath(stack, {
      ledgerUri: ledgerUri.href,
      serverPids:
        native === null ? {} : { mongod: native.mongod.pid, rabbitmq: native.rabbitmq.pid },
    })
    await path.measure({ connections: 32, seconds: options.warmUp })
    const runs: Measured[] = []
    for (const connections of options.connections) {
      const measured = await path.measure({ connections, seconds: options.seconds })
      show(measured)
      runs.push(measured)
    }
    const proof = await path.prove()
    const isProven =
      proof.findings.length === 0 &&
      proof.debitedTwice === 0 &&
      proof.carrierDebits === proof.commits
    say(
      `\nledger ${isProven ? 'verified' : 'NOT VERIFIED'}: ${proof.entries} entries, ${proof.commits} sales committed, ` +
        `${proof.carrierDebits} debited by the carrier, ${proof.findings.length} findings`,
    )
    if (options.out !== undefined) {
      const machine = {
        cpus: cpus().length,
        model: cpus()[0]?.model,
        memoryGb: Math.round(totalmem() / 2 ** 30),
      }
      const figures = {
        commit: commitOf(),
        at: new Date().toISOString(),
        machine,
        backend: servers.backend,
        runs,
        proof,
      }
      await writeFile(options.out, `${JSON.stringify(figures, null, 2)}\n`)
      say(`written to ${options.out}`)
    }
    return isProven
  } finally {
    await stack.stop()
    await servers.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

process.exitCode = (await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return false
}))
  ? 0
  : 1
