import type { Projections, StoredBlock, StoredTopup } from './facts.ts'

/**
 * Blocks that do not follow one another: each partition begins with a birth, positions have no gap, each block names the hash of
 * the one before, time and epochs never fall, and only a takeover raises an epoch and changes the owner.
 */
export const logProblems = (blocks: readonly StoredBlock[]): string[] => {
  const tips = new Map<number, StoredBlock>()
  const births = new Set(blocks.map(({ birth }) => birth))
  const problems = births.size > 1 ? [`the log has blocks of ${births.size} births`] : []
  for (const block of blocks) {
    const detail = brokenRule(tips.get(block.partition), block)
    if (detail !== null) problems.push(`block ${block.partition}/${block.position}: ${detail}`)
    tips.set(block.partition, block)
  }
  return problems
}

const brokenRule = (tip: StoredBlock | undefined, block: StoredBlock): string | null => {
  if (tip === undefined) {
    return block.position === 0 && block.kind === 'birth' ? null : 'the log begins with no birth'
  }
  if (block.position !== tip.position + 1) return `it comes after position ${tip.position}`
  if (block.previous !== tip.hash) return 'it does not name the hash of the one before'
  if (block.at < tip.at) return 'it is older than the one before'
  if (block.kind === 'takeover') {
    if (block.epoch !== tip.epoch + 1) return `epoch ${block.epoch} follows ${tip.epoch}`
    return block.owner === tip.owner ? 'its owner takes over from itself' : null
  }
  if (block.kind !== 'batch') return `a ${block.kind} follows a block`
  if (tip.kind === 'birth') return 'a batch follows the birth without a takeover'
  return block.epoch === tip.epoch && block.owner === tip.owner
    ? null
    : 'it is of another owner than the block before'
}

/** Ids with a second effect: a refusal by time and a verdict's progress have none. */
export const repeatedProblems = (blocks: readonly StoredBlock[]): string[] => {
  const seen = new Set<string>()
  return blocks.flatMap(({ partition, position, entries }) =>
    entries.flatMap(({ id, kind, isRefusedByTime }) => {
      if (isRefusedByTime || kind === 'progress') return []
      const isAgain = seen.has(id)
      seen.add(id)
      return isAgain ? [`block ${partition}/${position}: ${id} has a second entry`] : []
    }),
  )
}

export const newestPositions = (
  blocks: readonly Pick<StoredBlock, 'partition' | 'position'>[],
): ReadonlyMap<number, number> =>
  new Map(blocks.map(({ partition, position }) => [partition, position]))

/** Projections that stand behind the log when all is quiet. */
export const behind = (
  newest: ReadonlyMap<number, number>,
  positions: Projections['positions'],
): string[] =>
  positions.flatMap(({ projection, partition, position }) => {
    const wanted = newest.get(partition) ?? -1
    return position === wanted
      ? []
      : [`${projection} shows partition ${partition} up to ${position} of ${wanted}`]
  })

export const topupsOf = (blocks: readonly StoredBlock[]): readonly StoredTopup[] => [
  ...lastTopups(blocks).values(),
]

type Placed = StoredTopup & { readonly position: number }

const lastTopups = (blocks: readonly StoredBlock[]): ReadonlyMap<string, Placed> =>
  new Map(
    blocks.flatMap(({ position, entries }) =>
      entries.flatMap(({ topups }) => topups.map((topup) => [topup.id, { ...topup, position }])),
    ),
  )

/** Compares every projection but the balances with a rebuild from the blocks alone. @returns the differences */
export const rebuildProblems = (
  blocks: readonly StoredBlock[],
  { topups, operations, lines, shown }: Projections,
): string[] => [
  ...differences(
    'sales',
    [...lastTopups(blocks).values()].map(textOfTopup),
    topups.map(textOfTopup),
  ),
  ...differences('operations', operationsOf(blocks), operations),
  ...differences('statement lines', linesOf(blocks), lines),
  ...differences('documents', shownOf(blocks), shown.map(textOfShown)),
]

const textOfTopup = ({
  id,
  phone,
  carrierAmount,
  state,
  releaseReason,
  position,
}: Placed): string =>
  `${id} ${phone} ${carrierAmount} ${state} ${releaseReason ?? '-'} at ${position}`

/** An entry as the projection `operations` has it. */
export const textOfOperation = (
  place: { readonly p: number; readonly n: number; readonly i: number },
  entry: { readonly kind: string; readonly id: string },
): string => `${place.p}/${place.n}/${place.i} ${entry.kind} ${entry.id}`

const operationsOf = (blocks: readonly StoredBlock[]): readonly string[] =>
  blocks.flatMap(({ partition, position, entries }) =>
    entries.map((entry, i) => textOfOperation({ p: partition, n: position, i }, entry)),
  )

type LineAt = {
  readonly account: string
  readonly position: number
  readonly index: number
  readonly amounts: readonly number[]
}

/** A line as the projection `statement_lines` has it. */
export const textOfLine = ({ account, position, index, amounts }: LineAt): string =>
  `${account} ${position}/${index} ${amounts.join(' ')}`

const linesOf = (blocks: readonly StoredBlock[]): readonly string[] =>
  blocks.flatMap(({ position, entries }) =>
    entries.flatMap((entry, index) =>
      entry.lines.map(({ account, posted, reserved, incoming, after }) =>
        textOfLine({
          account,
          position,
          index,
          amounts: [posted, reserved, incoming, after.posted, after.reserved, after.incoming],
        }),
      ),
    ),
  )

type Shown = Projections['shown'][number]

const textOfShown = ({ projection, id, position }: Shown): string =>
  `${projection} ${id} at ${position}`

const shownOf = (blocks: readonly StoredBlock[]): readonly string[] => {
  const last = new Map<string, Shown>()
  for (const { position, entries } of blocks) {
    for (const { changed } of entries) {
      for (const { projection, id } of changed) {
        last.set(`${projection} ${id}`, { projection, id, position })
      }
    }
  }
  return [...last.values()].map(textOfShown)
}

const shownMax = 5

/** Texts that one side has and the other has not, as often. */
const differences = (
  name: string,
  rebuilt: readonly string[],
  live: readonly string[],
): readonly string[] => {
  const counts = new Map<string, number>()
  for (const text of rebuilt) counts.set(text, (counts.get(text) ?? 0) + 1)
  for (const text of live) counts.set(text, (counts.get(text) ?? 0) - 1)
  const differing = [...counts].filter(([, count]) => count !== 0)
  return differing
    .slice(0, shownMax)
    .map(
      ([text, count]) =>
        `${name}: ${differing.length} differ between the blocks and the projection, ` +
        `${count > 0 ? 'not projected' : 'not in the blocks'}: ${text}`,
    )
}
