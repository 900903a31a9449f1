import { readArguments as readNamed } from '../verify/arguments.ts'

export const usage = `Proves the ledger: walks the blocks of every partition from the birth, applies their operations again, and compares
every projected document with the state at its own position. It reads only, and the ledger may work meanwhile. Whether a
command came too late is not replayable: refusals by time are counted.

  npm run verify -- [--uri mongodb://…/recargas_ledger | --dump FOLDER] [--json] [--checkpoint FILE]
  npm run verify -- [--uri …] --write-dump FOLDER

  --uri         the ledger's database, beside which its blocks lie; else MONGODB_URI, else what npm start runs
  --dump        proves the blocks of a dump, without a database
  --write-dump  writes the blocks, and what they cannot rebuild, as BSON files, and proves nothing
  --checkpoint  keeps the end of the run in FILE, outside the database, and goes on from there the next time; whoever
                does not trust what was before it runs without
  --json        one JSON document instead of the table: entries, lines, commits, expired, findings, found, seconds,
                linesPerSecond

Exit code: 0 clean, 1 findings, 2 could not run.`

export const readArguments = readNamed
