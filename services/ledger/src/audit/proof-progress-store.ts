import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import type { LedgerModels } from '../mongo/models.ts'
import type { ProofProgressDocument } from '../mongo/proof-progress-model.ts'
import { checkpointFormat, valueOf } from './checkpoint.ts'
import type { PartitionProgress, ProofProgressStore, StandingFinding } from './proof-progress.ts'
import type { Replay } from './replay.ts'

const compress = promisify(gzip)
const decompress = promisify(gunzip)
const timeoutMs = 5_000
/** Below a document's 16 MiB. A larger replay is not kept: a restart proves that partition from its birth again. */
const replayBytesMax = 12 * 1024 * 1024

type Models = { readonly models: LedgerModels }

/** Stores the progress of the proof. It is only a shortcut: without it the proof begins at the birth. */
export const createProofProgressStore = (
  { models: { proofProgress } }: Models,
  birth: string,
): ProofProgressStore => ({
  all: async () => {
    const found = await proofProgress
      .find({ birth })
      .select({ replay: 0 })
      .sort({ _id: 1 })
      .maxTimeMS(timeoutMs)
      .lean<ProofProgressDocument[]>()
    return found.map(progressOf)
  },
  replayOf: async (partition) => {
    const found = await proofProgress
      .findOne({ _id: partition, birth, format: checkpointFormat })
      .maxTimeMS(timeoutMs)
      .lean<ProofProgressDocument>()
    if (found?.replay === undefined) return { kind: 'none' }
    const text = await decompress(Buffer.from(found.replay.buffer))
    const replay = valueOf(text.toString()) as Replay
    return replay.tip?.birth === birth ? { kind: 'kept', replay } : { kind: 'none' }
  },
  save: async ({ partition, block, at, finding }, text) => {
    const replay = text === null ? null : await compress(text)
    const isKept = replay !== null && replay.length <= replayBytesMax
    await proofProgress.updateOne(
      { _id: partition },
      {
        $set: {
          birth,
          block,
          at: new Date(at),
          ...(finding === null ? {} : { finding: JSON.stringify(finding) }),
          ...(isKept ? { replay, format: checkpointFormat } : {}),
        },
        ...(finding === null ? { $unset: { finding: '' } } : {}),
      },
      { upsert: true, maxTimeMS: timeoutMs },
    )
  },
  confirm: async (partitions, at) => {
    if (partitions.length === 0) return
    await proofProgress.updateMany(
      { _id: { $in: [...partitions] }, birth },
      { $set: { at: new Date(at) } },
      { maxTimeMS: timeoutMs },
    )
  },
})

const progressOf = ({ _id, block, at, finding }: ProofProgressDocument): PartitionProgress => ({
  partition: _id,
  block,
  at: at.getTime(),
  finding: finding === undefined ? null : (JSON.parse(finding) as StandingFinding),
})
