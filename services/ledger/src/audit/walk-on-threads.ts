import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { PartitionProof, PartitionTask, ProvePartition } from './prove-partition.ts'
import type { Walked } from './walk-partition.ts'

export type ThreadSettings = {
  readonly uri: string
  readonly connectTimeoutMs: number
  /** A checkpoint is kept: answers bring the states that a later run goes on from. */
  readonly keepsReplays: boolean
}
export type ThreadAnswer =
  | { readonly kind: 'replayed'; readonly walked: Walked }
  | { readonly kind: 'proven'; readonly proof: PartitionProof }
  | { readonly kind: 'failed'; readonly reason: string }

/** Each thread may hold the state of one partition and 96 MiB of places beside it. */
const threadsMax = 8

/** One thread for each core. */
export const usualThreads = (): number => Math.min(availableParallelism(), threadsMax)

/**
 * Proves partitions on threads: a thread is started when all others are busy, and each proves one partition at a time.
 * @param program of the threads, for tests
 */
export const proveOnThreads = (
  settings: ThreadSettings,
  program = new URL('./walk-thread.js', import.meta.url),
): { readonly prove: ProvePartition; readonly close: () => Promise<void> } => {
  const threads: Worker[] = []
  const idle: Worker[] = []
  const start = (): Worker => {
    const thread = new Worker(program, { workerData: settings })
    threads.push(thread)
    return thread
  }
  return {
    prove: async (task, onReplayed) => {
      const thread = idle.pop() ?? start()
      const proof = await answerOf(thread, task, onReplayed)
      idle.push(thread)
      return proof
    },
    close: async () => {
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}

/** @throws where the proof failed, or the thread ended without one */
const answerOf = (
  thread: Worker,
  task: PartitionTask,
  onReplayed: (walked: Walked) => void,
): Promise<PartitionProof> =>
  new Promise((resolve, reject) => {
    const end = (settle: () => void): void => {
      thread.off('message', take).off('error', reject).off('exit', ended)
      settle()
    }
    const take = (answer: ThreadAnswer): void => {
      switch (answer.kind) {
        case 'replayed': {
          onReplayed(answer.walked)
          return
        }
        case 'proven': {
          end(() => resolve(answer.proof))
          return
        }
        case 'failed': {
          end(() => reject(new Error(answer.reason)))
          return
        }
      }
    }
    const ended = (code: number): void =>
      reject(new Error(`the thread of partition ${task.partition} ended with ${code}`))
    thread.on('message', take).on('error', reject).on('exit', ended)
    thread.postMessage(task)
  })
