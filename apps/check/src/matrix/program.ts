import { Command, Option } from 'commander'
import {
  columnsOf,
  nameOf,
  nodeVersions,
  reportOf,
  serverSets,
  type Column,
  type NodeLine,
  type Outcome,
  type ServerSet,
} from './columns.ts'
import { runColumn } from './run-column.ts'

type Options = { readonly node?: NodeLine; readonly servers?: ServerSet }

/** The command line of `npm run test:matrix`. */
export const matrixProgram = (): Command =>
  new Command('npm run test:matrix --')
    .description(
      'Runs the unit and integration tests on each Node that the system supports, with older and with newer servers. It installs each Node and each server into its own cache folder.',
    )
    .argument('[pattern...]', 'only tests whose path matches')
    .addOption(new Option('--node <line>', 'one Node only').choices(Object.keys(nodeVersions)))
    .addOption(
      new Option('--servers <set>', 'one set of servers only').choices(Object.keys(serverSets)),
    )
    .addHelpText(
      'after',
      `
older: MongoDB 6.0.5 and RabbitMQ 3.10.8, or those that the machine has; newer: MongoDB 6.0.27 and RabbitMQ 4.3.
A column whose Node or servers cannot be installed is named and counted as skipped. All six take about an hour.

Examples:
  npm run test:matrix -- --node 24 --servers newer
  npm run test:matrix -- --node 22 packages/messaging
`,
    )
    .action(async (patterns: readonly string[], options: Options) => {
      const outcomes: (readonly [Column, Outcome])[] = []
      for (const column of columnsOf(options)) {
        console.log(`== ${nameOf(column)}`)
        outcomes.push([column, await runColumn(column, patterns, console.error)])
      }
      const { lines, passes } = reportOf(outcomes)
      for (const line of lines) console.log(line)
      if (!passes) process.exitCode = 1
    })
