import { textOf } from './checkpoint.ts'
import type { Finding } from './findings.ts'
import type { BirthBlock, LogRecords, Pace } from './log-records.ts'
import type { ProofPace } from './proof-pace.ts'
import { StepOver } from './proof-pace.ts'
import { partitionProver } from './prove-partition.ts'
import { positionOf, type Replay } from './replay.ts'

export type Step =
  | { readonly kind: 'proven'; readonly replay: Replay }
  /** The time was over: the replay's text, from which the next step goes on. */
  | { readonly kind: 'kept'; readonly position: number; readonly text: string }
  | { readonly kind: 'found'; readonly findings: readonly Finding[]; readonly found: number }
  | { readonly kind: 'stopped' }

type Deps = {
  readonly recordsOf: (pace: Pace) => LogRecords
  readonly birth: BirthBlock
  readonly pace: ProofPace
  readonly nowMs: () => number
  /** Time after which a step is kept, so that every partition has its turn. */
  readonly stepMs: number
}

/**
 * Proves a partition from where its replay stands to its newest block, as the whole proof does, but for counts of documents. The
 * replay is used up. @throws where the database cannot be asked
 */
export const createProveStep =
  ({ recordsOf, birth, pace, nowMs, stepMs }: Deps) =>
  async (replay: Replay): Promise<Step> => {
    const { partition, tip } = replay
    const endsAt = nowMs() + stepMs
    const kept: Kept[] = []
    const records = recordsOf(pace.paceOf(() => kept.length > 0))
    const foreign = await otherTip(records, replay)
    if (foreign !== null) return { kind: 'found', findings: [foreign], found: 1 }
    try {
      const { walked, findings } = await partitionProver(records)(
        { partition, replay, birth },
        ({ compared }) => {
          const isFurther = positionOf(compared) > (tip?.position ?? -1)
          if (nowMs() < endsAt || !isFurther || compared.findings.count > 0) return
          kept.push({ position: positionOf(compared), text: textOf(compared) })
        },
      )
      const all = [walked.replay.findings, findings]
      const found = all.reduce((sum, { count }) => sum + count, 0)
      if (found > 0) return { kind: 'found', findings: all.flatMap((each) => each.kept), found }
      return { kind: 'proven', replay: walked.compared }
    } catch (error) {
      if (!(error instanceof StepOver)) throw error
      const { count, kept: findings } = replay.findings
      if (error.reason === 'found') return { kind: 'found', findings, found: count }
      const [last] = kept
      return last === undefined ? { kind: 'stopped' } : { kind: 'kept', ...last }
    }
  }

type Kept = { readonly position: number; readonly text: string }

/** A block that was proven and is another one now, or gone: the log was cut or changed. */
const otherTip = async (
  { blocks }: LogRecords,
  { partition, tip }: Replay,
): Promise<Finding | null> => {
  if (tip === null) return null
  const { position } = tip
  const read = await blocks.find(partition, position)
  if (read?.kind === 'block' && read.block.hash === tip.hash) return null
  const detail = 'the block was proven with another hash'
  return { code: 'CHAIN', partition, position, entry: null, detail }
}
