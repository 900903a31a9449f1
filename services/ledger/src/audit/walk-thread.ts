import { parentPort, workerData } from 'node:worker_threads'
import { errorText } from '@recargas/contracts'
import { numbersOf, partitionProver, type PartitionTask } from './prove-partition.ts'
import { openLogRecords } from './stored-records.ts'
import type { ThreadAnswer, ThreadSettings } from './walk-on-threads.ts'
import type { Walked } from './walk-partition.ts'

/** One thread of a proof: it proves the partitions that it is given, one after the other, over connections of its own. */
const { uri, connectTimeoutMs, keepsReplays } = workerData as ThreadSettings
const port = parentPort
if (port === null) throw new Error('started by a proof only')
const { records } = await openLogRecords(uri, connectTimeoutMs)
const prove = partitionProver(records)

/** Messages are copied: states travel only where a checkpoint needs them. */
const lightened = (walked: Walked): Walked =>
  keepsReplays
    ? walked
    : { ...walked, replay: numbersOf(walked.replay), compared: numbersOf(walked.compared) }

const answer = (message: ThreadAnswer): void => port.postMessage(message)

port.on('message', (task: PartitionTask) => {
  prove(task, (walked) => answer({ kind: 'replayed', walked: lightened(walked) })).then(
    ({ walked, findings }) =>
      answer({ kind: 'proven', proof: { walked: lightened(walked), findings } }),
    (error: unknown) => answer({ kind: 'failed', reason: errorText(error) }),
  )
})
