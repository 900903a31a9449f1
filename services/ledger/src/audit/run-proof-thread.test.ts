import { expect, it } from '@jest/globals'
import type { LogFields } from '@recargas/runtime'
import { runProofThread, type ProofThreadSettings } from './run-proof-thread.ts'

const settings: ProofThreadSettings = {
  uri: 'mongodb://nowhere',
  connectTimeoutMs: 1,
  share: 0.05,
  guardsKeptMs: 120_000,
}

const programOf = (body: string): URL =>
  new URL(
    `data:text/javascript,${encodeURIComponent(
      `import { parentPort as port, workerData } from 'node:worker_threads'; ${body}`,
    )}`,
  )

/** Runs a thread until it has told something. */
const heard = async (body: string): Promise<readonly unknown[]> => {
  const told: unknown[] = []
  let wake = (): void => undefined
  const first = new Promise<void>((resolve) => (wake = resolve))
  const note = (...what: unknown[]): void => {
    told.push(what)
    wake()
  }
  const line = (level: string) => (message: string, fields?: LogFields | (() => LogFields)) =>
    note(level, message, fields)
  const { stop } = runProofThread(
    settings,
    {
      log: { info: line('info'), warn: line('warn'), error: line('error') },
      onWorked: (ms) => note('worked', ms),
      onProgress: (progress) => note('progress', progress),
    },
    programOf(body),
  )
  await first
  await stop()
  return told
}

it('passes on what its thread tells, and asks it to stop', async () => {
  const told = await heard(`
    port.postMessage({ kind: 'log', level: 'error', message: 'found', fields: { share: workerData.share } })
    port.postMessage({ kind: 'worked', ms: 7 })
    port.postMessage({ kind: 'progress', progress: [] })
    port.once('message', (word) => {
      port.postMessage({ kind: 'log', level: 'info', message: word })
      port.close()
    })`)
  expect(told).toEqual([
    ['error', 'found', { share: 0.05 }],
    ['worked', 7],
    ['progress', []],
    ['info', 'stop', undefined],
  ])
})

it('survives a thread that cannot run, and says so', async () => {
  expect(await heard(`throw new Error('no database')`)).toEqual([
    [
      'warn',
      'the thread of the proof ended',
      { error: expect.objectContaining({ message: 'no database' }) },
    ],
  ])
})
