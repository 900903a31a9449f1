import { join } from 'node:path'
import { Argument, type Command } from 'commander'
import { wholeNumber } from '@recargas/stack/given-value'
import { crashMatrix } from '../crash-matrix/matrix.ts'
import { seed, type Context, type Experiment, type Options } from '../runner/experiment.ts'
import { keepFigure, say } from '../runner/report.ts'
import { inOwnFolder, isReached, type End } from '../runner/scenario.ts'
import { startServers, type LabServers } from '../runner/servers.ts'
import { alerts } from './alerts/raise-alerts.ts'
import { brokerRestarts } from './broker-restarts.ts'
import { bulkhead } from './bulkhead.ts'
import { carrier } from './carrier.ts'
import { correlation } from './correlation.ts'
import { growth } from './growth.ts'
import { kubernetes } from './kubernetes.ts'
import { outage } from './outage.ts'
import { poison } from './poison.ts'
import { rolling } from './rolling.ts'
import { slowClients } from './slow-clients.ts'
import { streams } from './streams.ts'

const experiments: Readonly<Record<string, Experiment>> = {
  carrier,
  outage,
  bulkhead,
  correlation,
  'slow-clients': slowClients,
  streams,
  poison,
  rolling,
  'broker-restarts': brokerRestarts,
  'crash-matrix': crashMatrix,
  growth,
  alerts,
  kubernetes,
}

type Given = Options & { readonly out?: string }

const withOptions = (command: Command): Command =>
  command
    .option('--sales <n>', 'sales of each run', wholeNumber(), 1_000)
    .option(
      '--restarts <n>',
      'rolling, broker-restarts: how many; 20 and 50 by default',
      wholeNumber(),
    )
    .option('--rounds <n>', 'slow-clients, poison: rounds alone and beside', wholeNumber())
    .option(
      '--seconds <n>',
      'slow-clients, poison: seconds of each round; outage, bulkhead: of the fault',
      wholeNumber(),
    )
    .option('--out <folder>', 'writes each figure there as NAME.json')

/** The command `experiment`, and `crash-matrix`, which names one. */
export const addExperiments = (program: Command, end: End) => {
  const lines = Object.entries(experiments).map(
    ([name, { description, onlyNamed }]) =>
      `  ${name.padEnd(17)}${onlyNamed ? '* ' : '  '}${description}`,
  )
  withOptions(program.command('experiment'))
    .summary('measures the experiments named, or all')
    .description(
      'Measures stated figures, each on services and databases of its own and with the ledger proven afterwards.\n' +
        `Without a name, all but those with a *.\n\n${lines.join('\n')}`,
    )
    .addArgument(new Argument('[names...]', 'the experiments').choices(Object.keys(experiments)))
    .action((names: readonly string[], given: Given) => end(runAll(names, given)))
  withOptions(program.command('crash-matrix'))
    .description(crashMatrix.description)
    .action((given: Given) => end(runAll(['crash-matrix'], given)))
}

/** Runs them one after the other on the same servers. @returns true when each reached its bounds */
const runAll = (names: readonly string[], { out, ...options }: Given): Promise<boolean> =>
  inOwnFolder(async (folder) => {
    let started: LabServers | null = null
    const servers = async () => (started ??= await startServers(folder, say))
    const chosen = Object.entries(experiments).filter(([name, { onlyNamed }]) =>
      names.length === 0 ? !onlyNamed : names.includes(name),
    )
    let areReached = true
    try {
      for (const [name, { run }] of chosen) {
        say(`\n${name} …`)
        const context: Context = { name, options, servers, folder }
        const judgement = await run(context)
        areReached = isReached(name, judgement) && areReached
        if (out !== undefined) keepFigure(join(out, `${name}.json`), { seed, ...judgement.figures })
      }
    } finally {
      await (started as LabServers | null)?.stop()
    }
    return areReached
  })
