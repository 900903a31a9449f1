import { parseArgs } from 'node:util'
import { errorText } from '@recargas/contracts'
import type { Idle } from '../command-line.ts'

export const usage = `Proves the ledger: walks the blocks of every partition from the birth, applies their operations again, and compares
every projected document with the state at its own position. It reads only, and the ledger may work meanwhile. Whether a
command came too late is not replayable: refusals by time are counted.

  npm run verify -- [--uri mongodb://…/recargas_ledger | --dump FOLDER] [--json] [--checkpoint FILE] [--threads N]
  npm run verify -- [--uri …] --write-dump FOLDER

  --uri         the ledger's database, beside which its blocks lie; else MONGODB_URI, else what npm start runs
  --dump        proves the blocks of a dump, without a database
  --write-dump  writes the blocks, and what they cannot rebuild, as BSON files, and proves nothing
  --checkpoint  keeps the end of the run in FILE, outside the database, and goes on from there the next time; whoever
                does not trust what was before it runs without
  --threads     partitions of a database that are proven at once, each on a thread of its own; else one for each core,
                8 at most
  --json        one JSON document instead of the table: entries, lines, commits, expired, findings, found, seconds,
                linesPerSecond

Exit code: 0 clean, 1 findings, 2 could not run.`

export type VerifyArguments =
  | Idle
  | { readonly kind: 'write-dump'; readonly uri: string | undefined; readonly folder: string }
  | {
      readonly kind: 'prove'
      readonly from:
        | { readonly kind: 'dump'; readonly folder: string }
        | { readonly kind: 'database'; readonly uri: string | undefined }
      readonly json: boolean
      readonly checkpointFile: string | undefined
      readonly threads: number | undefined
    }

export const readArguments = (args: readonly string[]): VerifyArguments => {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        json: { type: 'boolean', default: false },
        uri: { type: 'string' },
        dump: { type: 'string' },
        'write-dump': { type: 'string' },
        checkpoint: { type: 'string' },
        threads: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    const { uri, dump, checkpoint, json } = values
    const written = values['write-dump']
    if (values.help) return { kind: 'help' }
    if (dump !== undefined && (uri !== undefined || written !== undefined)) {
      return { kind: 'wrong', reason: '--dump goes with neither --uri nor --write-dump' }
    }
    if (written !== undefined) return { kind: 'write-dump', uri, folder: written }
    const threads = values.threads === undefined ? undefined : Number(values.threads)
    if (threads !== undefined && !(Number.isInteger(threads) && threads >= 1)) {
      return { kind: 'wrong', reason: `--threads is no number of threads: ${values.threads}` }
    }
    const from =
      dump === undefined
        ? ({ kind: 'database', uri } as const)
        : ({ kind: 'dump', folder: dump } as const)
    return { kind: 'prove', from, json, checkpointFile: checkpoint, threads }
  } catch (error) {
    return { kind: 'wrong', reason: errorText(error) }
  }
}
