import { parseArgs } from 'node:util'
import { errorText } from '@recargas/contracts'
import type { Idle } from '../command-line.ts'
import { projections } from '../projections/all.ts'
import type { Projection } from '../projections/projection.ts'

export const projectionNames: readonly string[] = projections.map(({ name }) => name)

export const usage = `Rebuilds projections of the ledger from its blocks, while the ledger works.

  node services/ledger/dist/rebuild/main.js [NAME…] [--alone] [--json]

  NAME    ${projectionNames.join(', ')}; without one, all of them
  --alone no ledger runs on this database, as in a drill: nothing waits for its projectors and its reads
  --json  one JSON document at the end: rebuilt (projection, generation), seconds

MONGODB_URI names the ledger's database, as a user that may make and drop its collections. Exit code: 0 rebuilt, 1 stopped, 2 wrong usage, or
the database could not be asked. A rebuild that ended before its time goes on with the same command.`

export type RebuildArguments =
  | Idle
  | {
      readonly kind: 'rebuild'
      readonly projections: readonly Projection[]
      readonly alone: boolean
      readonly json: boolean
    }

export const readArguments = (args: readonly string[]): RebuildArguments => {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        alone: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return { kind: 'help' }
    const unknown = positionals.find((name) => !projectionNames.includes(name))
    if (unknown !== undefined) {
      const reason = `${unknown.slice(0, 60)} is no projection: ${projectionNames.join(', ')}`
      return { kind: 'wrong', reason }
    }
    // In one order, so that two rebuilds never wait for each other.
    const wanted = projections.filter(
      ({ name }) => positionals.length === 0 || positionals.includes(name),
    )
    return { kind: 'rebuild', projections: wanted, alone: values.alone, json: values.json }
  } catch (error) {
    return { kind: 'wrong', reason: errorText(error) }
  }
}
