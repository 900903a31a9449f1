import type { Changes } from '../accounting/ledger-view.ts'
import type { LogEntry } from '../accounting/entry.ts'

/** One block of the log with its entries read. */
export type ReadableBlock = {
  readonly partition: number
  readonly position: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly entries: readonly LogEntry[]
  /** Size of the entries' text. */
  readonly bytes: number
}

type Key = string | Readonly<Record<string, unknown>>
/** A document as it is after a block. It replaces the document of before as a whole. */
export type ProjectedDocument = {
  readonly id: Key
  /** With or without `_id`. */
  readonly fields: { readonly [field: string]: unknown }
  /** No earlier block has a document of this id: it is inserted, which costs less than a replacement. */
  readonly isNew?: true
}

export type ProjectionIndex = {
  readonly fields: Readonly<Record<string, 1 | -1>>
  readonly options?: {
    readonly unique?: true
    readonly partialFilterExpression?: Readonly<Record<string, unknown>>
  }
}

/**
 * A view of the log that reads are served from. It holds nothing that the blocks do not say and is rebuilt from them alone.
 * Its documents carry the position that they show, so that an older value never replaces a newer one.
 */
export type Projection = {
  /** Names its positions, and its collection where that has no name of its own. */
  readonly name: string
  /** Of a later generation. */
  readonly collection?: string
  /** Each with the reads that it serves. No key is unique but `_id` and what raises an alarm. */
  readonly indexes: readonly ProjectionIndex[]
  /** Each of its documents is of one block alone, and none is ever replaced. */
  readonly isInsertOnly?: true
  /** The documents that a block changes; of two with one id the last one counts. */
  readonly documentsOf: (block: ReadableBlock) => readonly ProjectedDocument[]
}

/** A document and the position that it shows. */
export type PositionedDocument = ProjectedDocument & { readonly position: number }

/** The documents of several blocks, each once: as it is after the last block that changed it. */
export const documentsAfter = (
  { documentsOf, isInsertOnly }: Projection,
  blocks: readonly ReadableBlock[],
): readonly PositionedDocument[] => {
  if (isInsertOnly === true) {
    return blocks.flatMap((block) =>
      documentsOf(block).map(({ id, fields }) => ({
        id,
        fields,
        isNew: true,
        position: block.position,
      })),
    )
  }
  const documents = new Map<string, PositionedDocument>()
  for (const block of blocks) {
    for (const { id, fields, isNew } of documentsOf(block)) {
      const key = typeof id === 'string' ? id : JSON.stringify(id)
      const { position } = block
      documents.set(
        key,
        isNew === true || documents.get(key)?.isNew === true
          ? { id, fields, isNew: true, position }
          : { id, fields, position },
      )
    }
  }
  return [...documents.values()]
}

/** Of values that the entries of a block change again and again, each as the last of them left it. */
export const lastOfEach = <Entity>(
  { entries }: Pick<ReadableBlock, 'entries'>,
  changed: (changes: Changes) => readonly Entity[],
  keyOf: (entity: Entity) => string,
): readonly Entity[] => {
  const last = new Map<string, Entity>()
  for (const { changes } of entries) {
    for (const entity of changed(changes)) last.set(keyOf(entity), entity)
  }
  return [...last.values()]
}

/** A document of the encoders, whose `_id` is its key. It is taken as it is: copies of every sale are what a projection would spend most on. */
export const projected = (document: {
  readonly _id: Key
  readonly [field: string]: unknown
}): ProjectedDocument => ({ id: document._id, fields: document })

/** The same of a document that no earlier block has. */
export const projectedNew = (document: Parameters<typeof projected>[0]): ProjectedDocument => ({
  id: document._id,
  fields: document,
  isNew: true,
})
