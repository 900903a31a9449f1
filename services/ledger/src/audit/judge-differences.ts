import type { Projection } from '../projections/projection.ts'
import type { Compared } from './compare-blocks.ts'
import { note, type Findings } from './findings.ts'
import type { ProjectedAtBegin } from './log-records.ts'
import { codeOf, documentOfState, idOf, replacedProjections } from './projected-state.ts'
import { positionOf, type Replay } from './replay.ts'
import { bytesOf, differenceOf, type Difference } from './stored-documents.ts'

const waitingDocumentsMax = 100_000

type Waiting = {
  readonly projection: Projection
  readonly difference: Difference
  readonly bytes: Uint8Array
}
/** A partition's replay, and the documents that it has not got to yet. */
export type Judging = {
  readonly replay: Replay
  readonly begin: ProjectedAtBegin | null
  /** Documents that showed a later position, by that position. */
  readonly waiting: Map<number, Waiting[]>
  waitingCount: number
}

/** Notes the differences of a projection, except those that the ledger's work explains. */
export const noteCompared = (
  judging: Judging,
  { projection, differences, more }: Compared,
  findings: Findings,
): void => {
  const { replay, begin } = judging
  const { partition } = replay
  const position = begin?.positions.get(projection.name) ?? -1
  const isReplaced = (replacedProjections as readonly Projection[]).includes(projection)
  for (const difference of differences) {
    const { document, found } = difference
    if (found.kind === 'later' && isReplaced) {
      waitFor(judging, { projection, difference, bytes: found.bytes }, found.position)
      continue
    }
    // Above its position a projection may still have to write.
    const isUnderWay = found.kind === 'missing' || found.kind === 'earlier'
    if (isUnderWay && document.position > position) continue
    noteDifference(findings, partition, projection, difference)
  }
  for (const id of more) {
    const detail = 'is stored, no entry of the log made it'
    note(findings, { code: 'OPERATION', partition, position: null, entry: id, detail })
  }
}

export const noteDifference = (
  findings: Findings,
  partition: number,
  projection: Projection,
  { document, found }: Difference,
): void => {
  note(findings, {
    code: codeOf(projection.name, document),
    partition,
    position: document.position,
    entry: idOf(document),
    detail: describe(document.position, found),
  })
}

const describe = (position: number, found: Difference['found']): string => {
  switch (found.kind) {
    case 'missing':
      return 'the log made it, and it is not stored'
    case 'earlier':
    case 'later':
      return `shows position ${found.position}, the log changed it last at ${position}`
    case 'differs':
      return [...found.fields].map(([field, values]) => `${field}: ${values}`).join('; ')
  }
}

/** A document that shows a later position is compared when the walk has got there; nothing shows a position that is no block. */
const waitFor = (judging: Judging, waiting: Waiting, position: number): void => {
  const { replay } = judging
  const { document } = waiting.difference
  const changedAt = replay.changedAt.get(idOf(document)) ?? document.position
  // Changed again meanwhile: the blocks that did so look at it once more.
  if (changedAt > position) return
  if (changedAt === position) {
    compareAt(judging, waiting)
  } else if (position <= positionOf(replay) || judging.waitingCount >= waitingDocumentsMax) {
    noteDifference(replay.findings, replay.partition, waiting.projection, waiting.difference)
  } else {
    judging.waitingCount += 1
    judging.waiting.set(position, [...(judging.waiting.get(position) ?? []), waiting])
  }
}

/** Compares the documents that showed this very position. */
export const compareWaiting = (judging: Judging): void => {
  const position = positionOf(judging.replay)
  const waiting = judging.waiting.get(position) ?? []
  judging.waiting.delete(position)
  judging.waitingCount -= waiting.length
  for (const each of waiting) compareAt(judging, each)
}

const compareAt = (judging: Judging, { projection, difference, bytes }: Waiting): void => {
  const { replay } = judging
  const document = documentOfState(projection, replay, idOf(difference.document))
  const found =
    document === undefined ? difference.found : differenceOf(document, bytesOf(document), bytes)
  if (found === null) return
  const of = document ?? difference.document
  noteDifference(replay.findings, replay.partition, projection, { document: of, found })
}
