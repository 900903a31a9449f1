import {
  afterNextStep,
  generationOf,
  generationsOf,
  nextStep,
  type Generations,
  type RebuildStep,
} from '../projections/generations.ts'
import type { Projection } from '../projections/projection.ts'
import { positionsIn } from '../projections/projection-store.ts'
import {
  keepLeases,
  RebuildStopped,
  waitFor,
  waitForLease,
  type Rebuild,
  type RebuildDeps,
} from './rebuild-run.ts'
import { beginWriting, writeOn } from './write-generations.ts'

/**
 * Rebuilds projections from the blocks alone, while the ledger sells: it writes a new generation of each, the ledger's
 * projectors keep it up to date, it becomes the current one, and the previous one is dropped. Each step changes one document,
 * and everything between two steps is written by position, so that a rebuild that was killed goes on when it is run again.
 */
export const rebuildProjections = async (deps: RebuildDeps): Promise<void> => {
  const rebuild: Rebuild = { ...deps, leasedAt: deps.nowMs() }
  const leased: string[] = []
  try {
    for (const { name } of deps.projections) {
      await waitForLease(rebuild, name)
      leased.push(name)
    }
    for (const projection of deps.projections) await register(rebuild, projection)
    await writeAndSwitch(rebuild)
    for (const projection of deps.projections) await drop(rebuild, projection)
  } finally {
    for (const name of leased) {
      // A lease that cannot be given back ends by the clock.
      await deps.generations.release(name, deps.holder).catch(() => undefined)
    }
  }
}

const listedOf = async ({ generations }: Rebuild, { name }: Projection): Promise<Generations> =>
  generationsOf(await generations.read(), name)

/** Ends a step with a compare-and-set: no other rebuild may have changed the generations meanwhile. */
const endStep = async (
  rebuild: Rebuild,
  projection: Projection,
  from: Generations,
): Promise<Generations> => {
  const to = afterNextStep(from)
  if (await rebuild.generations.change(projection.name, rebuild.holder, { from, to })) return to
  throw new RebuildStopped(`another rebuild of ${projection.name} has taken over`)
}

/** Registers a new generation, unless an earlier rebuild is unfinished. */
const register = async (rebuild: Rebuild, projection: Projection): Promise<void> => {
  const found = await listedOf(rebuild, projection)
  const { name } = projection
  if (nextStep(found) !== 'register') {
    const generation = found.building ?? found.current ?? 1
    rebuild.onProgress({ kind: 'resuming', projection: name, generation })
    return
  }
  const { building } = afterNextStep(found)
  await rebuild.collections.make(generationOf(projection, building ?? 1), () =>
    keepLeases(rebuild, 0),
  )
  await endStep(rebuild, projection, found)
}

/** A generation that is written until the previous one is unregistered. */
type Target = {
  readonly projection: Projection
  readonly generation: number
  /** null: there is none. */
  readonly before: number | null
  readonly generations: Generations
  readonly step: RebuildStep
}

const targetsOf = async (rebuild: Rebuild): Promise<readonly Target[]> => {
  const targets: Target[] = []
  for (const projection of rebuild.projections) {
    const generations = await listedOf(rebuild, projection)
    const { current, building, retiring } = generations
    const step = nextStep(generations)
    if (step === 'write' && building !== null) {
      targets.push({ projection, generation: building, before: current, generations, step })
    }
    if (step === 'retire' && current !== null) {
      targets.push({ projection, generation: current, before: retiring, generations, step })
    }
  }
  return targets
}

/**
 * Writes the new generations up to the end of the log, repeatedly, until the ledger's projectors keep them as current as the
 * previous ones without this program; then it switches, and retires the previous ones.
 */
const writeAndSwitch = async (rebuild: Rebuild): Promise<void> => {
  const { times, nowMs, onProgress } = rebuild
  let targets = await targetsOf(rebuild)
  const writing = beginWriting(
    rebuild,
    targets.map(({ projection, generation }) => generationOf(projection, generation)),
  )
  let changedAt: number | null = null
  while (targets.length > 0) {
    await writeOn(rebuild, writing)
    changedAt ??= nowMs()
    onProgress({ kind: 'settling' })
    const settled = await settledOf(rebuild, targets)
    for (const { projection, generation, generations, step } of settled) {
      const { name } = projection
      if (step === 'retire' && (await rebuild.generations.unchangedMs(name)) < times.keepMs)
        continue
      await endStep(rebuild, projection, generations)
      changedAt = nowMs()
      if (step === 'write') onProgress({ kind: 'switched', projection: name, generation })
    }
    targets = await targetsOf(rebuild)
    if (targets.length > settled.length && nowMs() - changedAt > times.settledMs) {
      const names = targets.map(({ projection }) => projection.name).join(', ')
      throw new RebuildStopped(
        `${names}: the ledger does not go on with the new generation; do all its instances run this version?`,
      )
    }
  }
}

/** Generations that show the position which the previous one showed a moment ago, without this program's help. */
const settledOf = async (
  rebuild: Rebuild,
  targets: readonly Target[],
): Promise<readonly Target[]> => {
  const { store, partitions, times } = rebuild
  const { settleMs } = times
  await waitFor(rebuild, (2 * settleMs) / 3)
  const shownBefore = await Promise.all(
    targets.map(({ projection, before }) =>
      before === null
        ? Promise.resolve([])
        : positionsIn(store, partitions, generationOf(projection, before).name),
    ),
  )
  await waitFor(rebuild, settleMs / 3)
  const settled: Target[] = []
  for (const [index, target] of targets.entries()) {
    const shown = await positionsIn(
      store,
      partitions,
      generationOf(target.projection, target.generation).name,
    )
    const before = shownBefore[index] ?? []
    if (before.every((position, partition) => (shown[partition] ?? -1) >= position)) {
      settled.push(target)
    }
  }
  return settled
}

const drop = async (rebuild: Rebuild, projection: Projection): Promise<void> => {
  const found = await listedOf(rebuild, projection)
  const { dropping } = found
  if (dropping === null) return
  const { generations, times, collections, onProgress } = rebuild
  await waitFor(rebuild, times.heardMs - (await generations.unchangedMs(projection.name)))
  await collections.drop(generationOf(projection, dropping), () => keepLeases(rebuild, 0))
  await endStep(rebuild, projection, found)
  onProgress({ kind: 'dropped', projection: projection.name, generation: dropping })
}
