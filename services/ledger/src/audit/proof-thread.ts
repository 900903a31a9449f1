import { parentPort, workerData } from 'node:worker_threads'
import { connectLedgerDatabase, type LedgerDatabase } from '../connect-database.ts'
import { createBlockStore } from '../log/block-store.ts'
import { keyIndex } from './key-index.ts'
import { findLedgerBirth } from './ledger-birth.ts'
import type { BlockSource, LogRecords, Pace } from './log-records.ts'
import { createProofPace } from './proof-pace.ts'
import { proofLease } from '../mongo/lease-model.ts'
import { createLease } from '../mongo/lease.ts'
import { createProofProgressStore } from './proof-progress-store.ts'
import type { ProofThreadMessage, ProofThreadSettings } from './run-proof-thread.ts'
import { generationsInUse, projectionSource, readTimeoutMs } from './projection-source.ts'
import { runProveBehind } from './prove-behind.ts'
import { createProveStep } from './prove-step.ts'

/** The thread of the proof behind the writers, over connections of its own: no sale waits for its event loop. */
const settings = workerData as ProofThreadSettings
const port = parentPort
if (port === null) throw new Error('started by a ledger only')
const tell = (message: ProofThreadMessage): void => port.postMessage(message)

const sliceMs = 10
const entriesAtOnce = 128
const stepMs = 30_000
const poolSize = 4

/** The generations as they stand at the step's begin. Documents are not counted: that would read them all. */
const recordsOf = ({ db }: LedgerDatabase, blocks: BlockSource, pace: Pace): LogRecords => {
  let inUse: ReturnType<typeof generationsInUse> | null = null
  return {
    blocks,
    projections: projectionSource(db, { isCounted: false }),
    index: keyIndex(db, () => (inUse ??= generationsInUse(db))),
    pace,
    inspect: () => Promise.reject(new Error('a step inspects nothing')),
  }
}

const { uri, connectTimeoutMs } = settings
const database = await connectLedgerDatabase(uri, { connectTimeoutMs, poolSize })
const blocks = createBlockStore(database.blocks, { timeoutMs: readTimeoutMs })
const birth = await findLedgerBirth(blocks)
if (birth === null) throw new Error('the log has no birth')
const nowMs = () => performance.now()
const now = () => Date.now()
const stopping = new AbortController()
const pace = createProofPace({
  share: settings.share,
  sliceMs,
  entriesAtOnce,
  nowMs,
  signal: stopping.signal,
  onWorked: (ms) => tell({ kind: 'worked', ms }),
})
const proving = runProveBehind(
  {
    partitions: birth.partitions,
    memory: { guardsKeptMs: settings.guardsKeptMs },
    store: createProofProgressStore(database, birth.birth),
    lease: createLease(database.models.leases, proofLease),
    newestPosition: blocks.newestPosition,
    step: createProveStep({
      recordsOf: (of) => recordsOf(database, blocks, of),
      birth,
      pace,
      nowMs,
      stepMs,
    }),
    pace,
    now,
    log: {
      info: (message, fields) => tell({ kind: 'log', level: 'info', message, fields }),
      warn: (message, fields) => tell({ kind: 'log', level: 'warn', message, fields }),
      error: (message, fields) => tell({ kind: 'log', level: 'error', message, fields }),
    },
    onProgress: (progress) => tell({ kind: 'progress', progress }),
  },
  stopping,
)
port.once('message', () => {
  void proving
    .stop()
    .then(() => database.close())
    .finally(() => port.close())
})
