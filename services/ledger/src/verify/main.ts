import { openDump } from '../mongo/dump-records.ts'
import { openLedgerRecords, type OpenedRecords } from '../mongo/ledger-records.ts'
import { writeDump } from '../mongo/write-dump.ts'
import { readArguments, usage, type VerifyArguments } from './arguments.ts'
import { checkpointMismatch, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { chosenUri } from './chosen-uri.ts'
import { createProgress } from './progress.ts'
import type { LedgerRecords } from './ledger-source.ts'
import type { Replay } from './replay-state.ts'
import { verifyLedger, type LedgerProof, type VerifyOptions } from './verify-ledger.ts'

type Proving = Extract<VerifyArguments, { kind: 'prove' }>

const connectTimeoutMs = 5_000
/** A checkpoint holds what is open, not what is settled: it is small, and writing it costs little. */
const checkpointEveryEntries = 100_000

const print = (text: string): void => void process.stdout.write(`${text}\n`)
const say = (text: string): void => void process.stderr.write(`${text}\n`)

const report = (proof: LedgerProof, asJson: boolean): void => {
  if (asJson) {
    print(JSON.stringify(proof))
    return
  }
  for (const { code, partition, entry, detail } of proof.findings) {
    print(`${code.padEnd(15)} ${String(partition ?? '-').padStart(2)}  ${entry ?? '-'}  ${detail}`)
  }
  if (proof.found > proof.findings.length) {
    print(`… and ${proof.found - proof.findings.length} more`)
  }
  print(
    `${proof.entries} entries, ${proof.lines} lines, ${proof.commits} sales committed: ` +
      `${proof.found} findings (${proof.seconds.toFixed(1)} s, ${proof.linesPerSecond} lines/s)`,
  )
}

const prove = async (
  records: LedgerRecords,
  { json, checkpointFile }: Proving,
): Promise<number> => {
  const progress = createProgress(process.stderr, () => performance.now())
  const earlier = checkpointFile === undefined ? null : readCheckpoint(checkpointFile)
  const mismatch = earlier === null ? null : await checkpointMismatch(earlier, records)
  if (mismatch !== null) {
    throw new Error(`${checkpointFile ?? ''} does not match this journal: ${mismatch}`)
  }
  const { name: database } = await records.identity()
  let kept = entriesOf(earlier?.replays ?? [])
  const linesBefore = linesOf(earlier?.replays ?? [])
  const keep: VerifyOptions['onProgress'] = (replays, total) => {
    const entries = entriesOf(replays)
    progress.show(entries, total, linesOf(replays) - linesBefore)
    if (checkpointFile !== undefined && entries >= kept + checkpointEveryEntries) {
      kept = entries
      writeCheckpoint(checkpointFile, { database, replays })
    }
  }
  const proof = await verifyLedger(records, {
    ...(earlier === null ? {} : { replays: earlier.replays }),
    onProgress: keep,
    onProven: (replays) => {
      if (checkpointFile !== undefined) writeCheckpoint(checkpointFile, { database, replays })
    },
  }).finally(progress.end)
  report(proof, json)
  return proof.found === 0 ? 0 : 1
}

const entriesOf = (replays: readonly Replay[]): number =>
  replays.reduce((sum, { entries }) => sum + entries, 0)
const linesOf = (replays: readonly Replay[]): number =>
  replays.reduce((sum, { sums }) => sum + sums.lines, 0)

const openDatabase = (uri: string | undefined): Promise<OpenedRecords> =>
  // eslint-disable-next-line n/no-process-env -- a tool of its own, not the service
  openLedgerRecords(chosenUri(uri, process.env), connectTimeoutMs)

const run = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2))
  switch (args.kind) {
    case 'help':
      print(usage)
      return 0
    case 'wrong':
      say(`${args.reason}\n\n${usage}`)
      return 2
    case 'write-dump': {
      const opened = await openDatabase(args.uri)
      try {
        const documents = await writeDump(opened.db, args.folder)
        print(`${documents} documents in ${args.folder}`)
        return 0
      } finally {
        await opened.close()
      }
    }
    case 'prove': {
      const { from } = args
      const opened =
        from.kind === 'dump' ? await openDump(from.folder) : await openDatabase(from.uri)
      try {
        return await prove(opened.records, args)
      } finally {
        await opened.close()
      }
    }
  }
}

process.exitCode = await run().catch((error: unknown) => {
  say(error instanceof Error ? error.message : String(error))
  return 2
})
