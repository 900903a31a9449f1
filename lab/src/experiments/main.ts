import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Argument, Command } from 'commander'
import { acquireServers, type Servers } from '@recargas/stack/backend'
import { createVhost } from '@recargas/stack/rabbitmq-management'
import { startStack } from '@recargas/stack/supervisor'
import { proveStack, type Proof } from '../till/proof.ts'
import { wholeNumber } from '@recargas/stack/whole-number'
import { isGoodAlerting, raiseAlerts } from './alerts/raise-alerts.ts'
import type { Figure, FigureOptions, Measured } from './figure.ts'
import { seed, stackFigures } from './figures.ts'
import { commitOf, machineOf } from '@recargas/stack/provenance'

type StackName = keyof typeof stackFigures
const stackNames = Object.keys(stackFigures) as StackName[]
const alertsName = 'alerts'
const table: Readonly<Record<string, Pick<Figure, 'what' | 'onlyNamed'>>> = {
  ...stackFigures,
  // Two systems at once, with servers of their own.
  [alertsName]: {
    what: 'eight faults, each until a real Prometheus rings and is quiet again; about ten minutes',
    onlyNamed: true,
  },
}
const lines = Object.entries(table).map(
  ([name, { what, onlyNamed }]) => `  ${name.padEnd(17)}${onlyNamed ? '* ' : '  '}${what}`,
)

const program = new Command('npm run figures --')
  .description(
    'Measures stated figures, each on services and databases of its own and with the ledger proven afterwards.\n' +
      `Without a name, all but those with a *.\n\n${lines.join('\n')}`,
  )
  .addArgument(new Argument('[names...]', 'which figures').choices(Object.keys(table)))
  .option('--sales <n>', 'sales of each run', wholeNumber(), 1_000)
  .option(
    '--restarts <n>',
    'rolling, broker-restarts: how many; 20 and 50 by default',
    wholeNumber(),
  )
  .option('--rounds <n>', 'slow-clients, poison: rounds alone and beside', wholeNumber())
  .option('--seconds <n>', 'slow-clients, poison: seconds of each round', wholeNumber())
  .option('--out <folder>', 'writes each figure there as NAME.json')
  .parse()
const options = program.opts<FigureOptions & { readonly out?: string }>()
const isChosen = (name: string): boolean =>
  program.args.length === 0 ? table[name]?.onlyNamed !== true : program.args.includes(name)

const measure = async (name: StackName, servers: Servers, folder: string): Promise<boolean> => {
  if (servers.managementUrl === null) throw new Error('the broker has no management API')
  console.log(`\n${name}: starting services …`)
  await createVhost(servers.managementUrl, name)
  const amqpUrl = `${servers.amqpUrl.replace(/\/$/, '')}/${name}`
  const figure: Figure = stackFigures[name]
  const ownFolder = join(folder, name)
  const stack = await startStack({
    folder: ownFolder,
    mongodbUri: servers.mongodbUri,
    amqpUrl,
    databaseSuffix: `_${name}`,
    env: figure.env ?? {},
  })
  try {
    const measured = await figure.measure({ stack, servers, amqpUrl, folder: ownFolder, options })
    return await judge(name, measured, [await proveStack(stack.auditUri, stack.urls.sandbox)])
  } finally {
    await stack.stop()
  }
}

const judge = async (
  name: string,
  { runs, isGood }: Measured,
  proofs: readonly Proof[],
): Promise<boolean> => {
  const isProven = proofs.every(({ findings }) => findings.length === 0)
  const entries = proofs.reduce((sum, proof) => sum + proof.entries, 0)
  console.log(
    `${name}: ${isGood ? 'reached' : 'NOT REACHED'}; ` +
      `ledger ${isProven ? 'verified' : 'NOT VERIFIED'}: ${entries} entries`,
  )
  if (options.out !== undefined) {
    const at = new Date().toISOString()
    const proof = proofs.length === 1 ? proofs[0] : proofs
    const kept = { commit: commitOf(), at, machine: machineOf(), seed, runs, proof }
    await writeFile(join(options.out, `${name}.json`), `${JSON.stringify(kept, null, 2)}\n`)
  }
  return isProven && isGood
}

const measureAlerts = async (folder: string): Promise<boolean> => {
  console.log(`\n${alertsName}: starting two systems …`)
  const { alerting, proofs } = await raiseAlerts(folder, (line) => console.log(line))
  console.table(alerting.faults)
  return judge(alertsName, { runs: { alerting }, isGood: isGoodAlerting(alerting) }, proofs)
}

const measureAll = async (names: readonly StackName[], folder: string): Promise<boolean> => {
  console.log('starting servers …')
  const servers = await acquireServers({ folder, log: (line) => console.log(line) })
  try {
    let isGood = true
    for (const name of names) isGood = (await measure(name, servers, folder)) && isGood
    return isGood
  } finally {
    await servers.stop()
  }
}

const run = async (): Promise<boolean> => {
  const folder = await mkdtemp(join(tmpdir(), 'recargas-figures-'))
  try {
    const names = stackNames.filter(isChosen)
    let isGood = names.length === 0 || (await measureAll(names, folder))
    if (isChosen(alertsName)) isGood = (await measureAlerts(folder)) && isGood
    return isGood
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
