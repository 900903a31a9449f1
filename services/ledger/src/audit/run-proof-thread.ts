import { Worker } from 'node:worker_threads'
import { pause, runRounds, type Log, type LogFields } from '@recargas/runtime'
import type { PartitionProgress } from './proof-progress.ts'

export type ProofThreadSettings = {
  readonly uri: string
  readonly connectTimeoutMs: number
  /** Most of one core's time, from 0 to 1. */
  readonly share: number
  readonly guardsKeptMs: number
}
export type ProofThreadMessage =
  | { readonly kind: 'worked'; readonly ms: number }
  | { readonly kind: 'progress'; readonly progress: readonly PartitionProgress[] }
  | {
      readonly kind: 'log'
      readonly level: 'info' | 'warn' | 'error'
      readonly message: string
      readonly fields: LogFields | undefined
    }

type Parts = {
  readonly log: Pick<Log, 'info' | 'warn' | 'error'>
  readonly onWorked: (ms: number) => void
  readonly onProgress: (progress: readonly PartitionProgress[]) => void
}

/** The proof of a huge log ends with its thread, and never with the ledger. */
const heapMbMax = 512
/** A thread that ended by itself, as without memory or without a database, is started again. */
const restartEveryMs = 60_000
const stopTimeoutMs = 3_000

/**
 * Runs the proof on a thread of its own until stopped.
 * @param program of the thread, for tests
 */
export const runProofThread = (
  settings: ProofThreadSettings,
  parts: Parts,
  program = new URL('./proof-thread.js', import.meta.url),
) => {
  let thread: Worker | null = null
  const run = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const started = new Worker(program, {
        workerData: settings,
        resourceLimits: { maxOldGenerationSizeMb: heapMbMax },
      })
      thread = started
      started.on('message', (message: ProofThreadMessage) => take(parts, message))
      started.once('error', reject).once('exit', () => resolve())
    })
  const rounds = runRounds(run, {
    everyMs: restartEveryMs,
    begin: 'at-once',
    onFailure: (error) => parts.log.warn('the thread of the proof ended', { error }),
  })
  return {
    stop: async () => {
      thread?.postMessage('stop')
      const ended = rounds.stop()
      await Promise.race([ended, pause(stopTimeoutMs)])
      await thread?.terminate()
      await ended
    },
  }
}

const take = ({ log, onWorked, onProgress }: Parts, message: ProofThreadMessage): void => {
  switch (message.kind) {
    case 'worked':
      onWorked(message.ms)
      break
    case 'progress':
      onProgress(message.progress)
      break
    case 'log':
      log[message.level](message.message, message.fields)
      break
  }
}
