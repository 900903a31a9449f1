import { partitionCount } from '@recargas/contracts'
import type mongoose from 'mongoose'
import { keyRange } from '../mongo/stored-values.ts'
import { projections } from './all.ts'
import type { GenerationStore } from './generation-store.ts'
import { positionsCollection } from './projection-store.ts'

/** Blocks that a takeover may walk for a projection that has shown nothing: a young ledger is no history. */
const historyBlocks = 1_000

type Position = {
  readonly _id: { readonly p: number; readonly projection: string }
  readonly n: number
}

/**
 * Marks each projection that is new to a ledger with a history as not built. To project it from the birth on would keep takeovers
 * waiting; a rebuild makes its first generation.
 */
export const markNewProjections = async (
  db: mongoose.mongo.Db,
  generations: Pick<GenerationStore, 'read' | 'markNew'>,
): Promise<void> => {
  const positions = await db
    .collection<Position>(positionsCollection)
    .find({ _id: keyRange({ $gte: { p: 0 }, $lt: { p: partitionCount } }) })
    .toArray()
  if (!positions.some(({ n }) => n > historyBlocks)) return
  const known = await generations.read()
  const shown = new Set(positions.map(({ _id: { projection } }) => projection))
  for (const { name } of projections) {
    if (!known.has(name) && !shown.has(name)) await generations.markNew(name)
  }
}
