import { errorText } from '@recargas/contracts'
import { isIdle, print, printError, printUsage } from '../command-line.ts'
import type { VerifyArguments } from './arguments.ts'
import { chosenUri } from './chosen-uri.ts'
import { createProgress } from './progress.ts'
import { readArguments, usage } from './arguments.ts'
import { checkpointMismatch, readCheckpoint, writeCheckpoint } from './checkpoint.ts'
import { openDump, writeDump } from './dump.ts'
import type { LogRecords } from './log-records.ts'
import type { Replay } from './replay.ts'
import { openLogRecords } from './stored-records.ts'
import { verifyLog, type LogProof, type VerifyOptions } from './verify-log.ts'
import { proveOnThreads, usualThreads } from './walk-on-threads.ts'

type Proving = Extract<VerifyArguments, { kind: 'prove' }>

const connectTimeoutMs = 5_000
/** A checkpoint holds open entities and no settled ones: it is small and cheap to write. */
const checkpointEveryEntries = 100_000

const report = (proof: LogProof, asJson: boolean): void => {
  if (asJson) {
    print(JSON.stringify(proof))
    return
  }
  for (const { code, partition, position, entry, detail } of proof.findings) {
    const place = `${String(partition ?? '-').padStart(2)}/${String(position ?? '-')}`
    print(`${code.padEnd(15)} ${place.padEnd(10)}  ${entry ?? '-'}  ${detail}`)
  }
  if (proof.found > proof.findings.length) {
    print(`… and ${proof.found - proof.findings.length} more`)
  }
  print(
    `${proof.entries} entries, ${proof.lines} lines, ${proof.commits} sales committed, ` +
      `${proof.expired} refusals by time not replayable: ` +
      `${proof.found} findings (${proof.seconds.toFixed(1)} s, ${proof.linesPerSecond} lines/s)`,
  )
}

const prove = async (
  records: LogRecords,
  { json, checkpointFile }: Proving,
  provers: Pick<VerifyOptions, 'provers'>,
): Promise<number> => {
  const progress = createProgress(process.stderr, () => performance.now())
  const earlier = checkpointFile === undefined ? null : readCheckpoint(checkpointFile)
  const mismatch = earlier === null ? null : await checkpointMismatch(earlier, records)
  if (mismatch !== null) {
    throw new Error(`${checkpointFile ?? ''} does not match this log: ${mismatch}`)
  }
  const { birth, blocks } = await records.inspect()
  const keep = (replays: readonly Replay[]): void => {
    if (checkpointFile === undefined) return
    writeCheckpoint(checkpointFile, { birth: birth?.birth ?? 'none', replays })
  }
  let kept = 0
  const onProgress: VerifyOptions['onProgress'] = (replays, done) => {
    progress.show(done.blocks, blocks, done.lines)
    const entries = replays.reduce((sum, replay) => sum + replay.entries, 0)
    if (entries < kept + checkpointEveryEntries) return
    kept = entries
    keep(replays)
  }
  const proof = await verifyLog(records, {
    ...provers,
    ...(earlier === null ? {} : { replays: earlier.replays }),
    onProgress,
    onProven: keep,
  }).finally(progress.end)
  report(proof, json)
  return proof.found === 0 ? 0 : 1
}

const uriOf = (uri: string | undefined): string =>
  // eslint-disable-next-line n/no-process-env -- a tool of its own, not the service
  chosenUri(uri, process.env)

const proveDump = async (folder: string, args: Proving): Promise<number> => {
  const { records, close } = openDump(folder)
  return prove(records, args, {}).finally(close)
}

const proveDatabase = async (uri: string, args: Proving): Promise<number> => {
  const { records, close } = await openLogRecords(uri, connectTimeoutMs)
  const count = args.threads ?? usualThreads()
  const keepsReplays = args.checkpointFile !== undefined
  const threads = proveOnThreads({ uri, connectTimeoutMs, keepsReplays })
  // One core proves as fast without a thread, and needs the memory of one.
  const provers = count === 1 ? {} : { provers: { count, prove: threads.prove } }
  try {
    return await prove(records, args, provers)
  } finally {
    await threads.close()
    await close()
  }
}

const run = async (): Promise<number> => {
  const args = readArguments(process.argv.slice(2))
  if (isIdle(args)) return printUsage(args, usage)
  switch (args.kind) {
    case 'write-dump': {
      const opened = await openLogRecords(uriOf(args.uri), connectTimeoutMs)
      try {
        print(`${await writeDump(opened.databases, args.folder)} documents in ${args.folder}`)
        return 0
      } finally {
        await opened.close()
      }
    }
    case 'prove': {
      const { from } = args
      return from.kind === 'dump'
        ? proveDump(from.folder, args)
        : proveDatabase(uriOf(from.uri), args)
    }
  }
}

process.exitCode = await run().catch((error: unknown) => {
  printError(errorText(error))
  return 2
})
