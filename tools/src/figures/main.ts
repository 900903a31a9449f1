import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Argument, Command } from 'commander'
import { acquireServers, type Servers } from '../stack/backend.ts'
import { createVhost } from '../stack/rabbitmq-management.ts'
import { startStack, unlimitedRates, type Stack } from '../stack/supervisor.ts'
import { proveStack, type Proof } from '../till/proof.ts'
import { isGoodBulkhead, sellBesideSlowBundles, type Bulkhead } from './bulkhead.ts'
import { everyScenario, oneInFiveSilent, sellThrough, type Judgement } from './carrier.ts'
import { isGoodSlowClients, sellBesideSlowClients, type SlowClients } from './slow-clients.ts'
import { isGoodOutage, sellThroughOutage, type Outage } from './outage.ts'
import { commitOf, machineOf } from './provenance.ts'

const names = ['carrier', 'outage', 'bulkhead', 'slow-clients'] as const
type Name = (typeof names)[number]

const program = new Command('npm run figures --')
  .description(
    'Measures stated figures, each on services and databases of its own and with the ledger proven afterwards. Without a name, all.\n\n' +
      '  carrier   sales over a carrier that hangs after its effect, and over one that answers at random\n' +
      '  outage    sales while the carrier answers nothing but errors for a minute\n' +
      '  bulkhead  top-ups while the carrier takes three seconds for each bundle\n' +
      '  slow-clients  cashiers beside a thousand slow connections and one person’s flood',
  )
  .addArgument(new Argument('[names...]', 'which figures').choices(names))
  .option('--sales <n>', 'sales of each run', Number, 1_000)
  .option('--rounds <n>', 'slow-clients: rounds alone and beside the others', Number, 4)
  .option('--seconds <n>', 'slow-clients: seconds of each round', Number, 20)
  .option('--out <folder>', 'writes each figure there as NAME.json')
  .parse()
type Options = {
  readonly sales: number
  readonly rounds: number
  readonly seconds: number
  readonly out?: string
}
const options = program.opts<Options>()
const chosen = names.filter((name) => program.args.length === 0 || program.args.includes(name))
const outageSeconds = 60

const isGoodJudgement = (judgement: Judgement): boolean =>
  judgement.sales === options.sales &&
  judgement.unsettled + judgement.debitedTwice === 0 &&
  judgement.releasedWrongly + judgement.invented === 0 &&
  judgement.casesForNothing === 0 &&
  !judgement.overdrawn

/** Short times, so that a thousand schedules end within a minute. */
const hurried = {
  TPAGA_CONNECT_TIMEOUT_MS: '400',
  TPAGA_CALL_TIMEOUT_MS: '500',
  LEASE_MS: '2000',
  CLOCK_SKEW_MS: '200',
  TOPUP_REPEAT_SECONDS: '1,3,6,10,15',
  // A carrier that fails on purpose half of the time must not stop the sales that are measured.
  BREAKER_ERROR_PERCENT: '99',
  BREAKER_RESET_MS: '500',
}

type Runs = {
  readonly runs: Readonly<Record<string, Judgement | Outage | Bulkhead | SlowClients>>
  readonly isGood: boolean
}

const carrierRuns = async (stack: Stack): Promise<Runs> => {
  const runs: Record<string, Judgement> = {}
  for (const [name, scenarios] of [
    ['one in five debited and silent', oneInFiveSilent],
    ['answers at random', await everyScenario(stack)],
  ] as const) {
    runs[name] = await sellThrough(stack, scenarios, options.sales, (sold) => {
      if (sold % 100 === 0) process.stdout.write(`\r${name}: ${sold}/${options.sales}`)
    })
    process.stdout.write('\n')
    console.table(runs[name])
  }
  return { runs, isGood: Object.values(runs).every(isGoodJudgement) }
}

const outageRun = async (stack: Stack): Promise<Runs> => {
  console.log(`the carrier fails for ${outageSeconds} s …`)
  const outage = await sellThroughOutage(stack, outageSeconds)
  console.table(outage)
  return { runs: { outage }, isGood: isGoodOutage(outage) }
}

const bulkheadRun = async (stack: Stack): Promise<Runs> => {
  console.log('top-ups alone, then beside slow bundles …')
  const bulkhead = await sellBesideSlowBundles(stack)
  console.table(bulkhead)
  return { runs: { bulkhead }, isGood: isGoodBulkhead(bulkhead) }
}

const slowClientsRun = async (stack: Stack): Promise<Runs> => {
  console.log('cashiers alone and beside slow clients, in turns …')
  const slowClients = await sellBesideSlowClients(stack, options)
  console.table(slowClients)
  return { runs: { slowClients }, isGood: isGoodSlowClients(slowClients) }
}

const figures: Readonly<Record<Name, (stack: Stack) => Promise<Runs>>> = {
  carrier: carrierRuns,
  outage: outageRun,
  bulkhead: bulkheadRun,
  'slow-clients': slowClientsRun,
}

const measure = async (name: Name, servers: Servers, folder: string): Promise<boolean> => {
  if (servers.managementUrl === null) throw new Error('the broker has no management API')
  console.log(`\n${name}: starting services …`)
  await createVhost(servers.managementUrl, name)
  const stack = await startStack({
    folder,
    mongodbUri: servers.mongodbUri,
    amqpUrl: `${servers.amqpUrl.replace(/\/$/, '')}/${name}`,
    databaseSuffix: `_${name}`,
    env: {
      sandbox: { SANDBOX_SEED: '4' },
      ledger: { LOG_LEVEL: 'warn' },
      // What protects a shop's others is the very thing that is measured there.
      gateway: { LOG_LEVEL: 'warn', ...(name === 'slow-clients' ? {} : unlimitedRates) },
      adapter: { LOG_LEVEL: 'error', ...(name === 'carrier' ? hurried : {}) },
    },
  })
  const ledgerUri = new URL(servers.mongodbUri)
  ledgerUri.pathname = `/recargas_ledger_${name}`
  try {
    const { runs, isGood } = await figures[name](stack)
    const proof = await proveStack(ledgerUri.href, stack.urls.sandbox)
    const isProven = proof.findings.length === 0
    console.log(
      `${name}: ${isGood ? 'reached' : 'NOT REACHED'}; ` +
        `ledger ${isProven ? 'verified' : 'NOT VERIFIED'}: ${proof.entries} entries`,
    )
    if (options.out !== undefined) await keep(join(options.out, `${name}.json`), runs, proof)
    return isProven && isGood
  } finally {
    await stack.stop()
  }
}

const keep = async (file: string, runs: Runs['runs'], proof: Proof): Promise<void> => {
  const at = new Date().toISOString()
  const figure = { commit: commitOf(), at, machine: machineOf(), seed: 4, runs, proof }
  await writeFile(file, `${JSON.stringify(figure, null, 2)}\n`)
}

const run = async (): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'recargas-figures-'))
  console.log('starting servers …')
  const servers = await acquireServers({ folder, log: (line) => console.log(line) })
  try {
    let isGood = true
    for (const name of chosen) isGood = (await measure(name, servers, folder)) && isGood
    return isGood
  } finally {
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
