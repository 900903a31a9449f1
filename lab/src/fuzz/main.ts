import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { commitOf, machineOf } from '@recargas/stack/provenance'
import { acquireServers } from '@recargas/stack/backend'
import { createVhost } from '@recargas/stack/rabbitmq-management'
import { startStack, unlimitedRates } from '@recargas/stack/supervisor'
import { proveStack } from '../till/proof.ts'
import { tokenFor } from '../till/pos.ts'
import { openShop } from '../till/shop.ts'
import { wholeNumber } from '@recargas/stack/whole-number'
import { countReport } from './report.ts'
import { installedSchemathesis, pinned, runSchemathesis } from './schemathesis.ts'

const program = new Command('npm run fuzz:api --')
  .description(
    'Asks every operation of the gateway with what fits its OpenAPI document and with what does not, and judges the ' +
      'answers by every check of schemathesis (Python; installed at the first run). On services of its own, or on those at --url.',
  )
  .option('--url <url>', 'a running gateway instead, with short waits and wide rates')
  .option('--token <token>', 'an Administrador’s, for --url')
  .option('--seed <n>', 'the same cases again', wholeNumber(0), 4)
  .option('--examples <n>', 'cases of each operation and phase, at most', wholeNumber(), 150)
  .option('--cases-min <n>', 'fewer cases are a failure', wholeNumber(0), 5_000)
  .option('--out <file>', 'writes the figure there')
  .parse()
type Options = {
  readonly url?: string
  readonly token?: string
  readonly seed: number
  readonly examples: number
  readonly casesMin: number
  readonly out?: string
}
const options = program.opts<Options>()

const fuzz = async (url: string, token: string, folder: string): Promise<boolean> => {
  const schemathesis = await installedSchemathesis((line) => console.log(line))
  const reportFile = join(folder, 'report.ndjson')
  const { seed, examples } = options
  const exitCode = await runSchemathesis(schemathesis, { url, token, seed, examples, reportFile })
  const counts = await countReport(reportFile)
  const isEnough = counts.cases >= options.casesMin && counts.operations === counts.operationsTold
  console.log(counts)
  if (!isEnough) console.log(`fewer cases or operations than asked for: ${options.casesMin} cases`)
  if (options.out !== undefined) {
    const at = new Date().toISOString()
    const figure = { commit: commitOf(), at, machine: machineOf(), tool: pinned, seed, ...counts }
    await writeFile(options.out, `${JSON.stringify(figure, null, 2)}\n`)
  }
  return exitCode === 0 && counts.failures === 0 && isEnough
}

/** Short waits: a case may start a sale that is never settled. */
const hurried = { SETTLEMENT_WAIT_MS: '300', LOG_LEVEL: 'warn', ...unlimitedRates }

const fuzzOwnStack = async (folder: string): Promise<boolean> => {
  const servers = await acquireServers({ folder, log: (line) => console.log(line) })
  try {
    if (servers.managementUrl === null) throw new Error('the broker has no management API')
    await createVhost(servers.managementUrl, 'fuzz')
    const stack = await startStack({
      folder,
      mongodbUri: servers.mongodbUri,
      amqpUrl: `${servers.amqpUrl.replace(/\/$/, '')}/fuzz`,
      databaseSuffix: '_fuzz',
      env: { gateway: hurried, ledger: { LOG_LEVEL: 'warn' }, adapter: { LOG_LEVEL: 'error' } },
    })
    try {
      const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
      await openShop(gateway, { cash: 100_000, float: 50_000 })
      const token = tokenFor(stack.jwtSecret, { user: 1, role: 'Administrador' })
      const isGood = await fuzz(stack.urls.gateway, token, folder)
      const { findings } = await proveStack(stack.ledgerUri, stack.urls.sandbox)
      console.log(`ledger ${findings.length === 0 ? 'verified' : 'NOT VERIFIED'}`)
      return isGood && findings.length === 0
    } finally {
      await stack.stop()
    }
  } finally {
    await servers.stop()
  }
}

const run = async (): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'recargas-fuzz-'))
  const { url, token } = options
  try {
    if (url === undefined) return await fuzzOwnStack(folder)
    if (token === undefined) throw new Error('--url needs --token')
    return await fuzz(url, token, folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

process.exitCode = (await run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  return false
}))
  ? 0
  : 1
