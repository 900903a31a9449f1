import type mongoose from 'mongoose'
import { projections } from './all.ts'
import type { GenerationStore } from './generation-store.ts'
import { positionsCollection } from './projection-store.ts'

/** Blocks that a takeover may walk for a projection that has shown nothing: a young ledger is no history. */
const historyBlocks = 1_000

/**
 * Marks each projection that is new to a ledger with a history as not built. To project it from the birth on would keep takeovers
 * waiting; a rebuild makes its first generation.
 */
export const markNewProjections = async (
  db: mongoose.mongo.Db,
  generations: Pick<GenerationStore, 'read' | 'markNew'>,
): Promise<void> => {
  const positions = db.collection(positionsCollection)
  if ((await positions.findOne({ n: { $gt: historyBlocks } })) === null) return
  const known = await generations.read()
  const shown = new Set(await positions.distinct('_id.projection'))
  for (const { name } of projections) {
    if (!known.has(name) && !shown.has(name)) await generations.markNew(name)
  }
}
