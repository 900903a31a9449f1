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
  /** The deliveries that its entries were made of, where they are traced; never of a block that was read. */
  readonly traced?: readonly { readonly correlationId: string; readonly span: string }[]
}

type Key = string | Readonly<Record<string, unknown>>
/** A document's state after a block. It replaces the previous document as a whole. */
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
 * A view of the log that serves reads. It is rebuilt from the blocks alone. Its documents carry the position that they show, so
 * that an older value never replaces a newer one.
 */
export type Projection = {
  /** Key of its positions, and of its collection unless that has a name of its own. */
  readonly name: string
  /** Collection of a later generation; the name otherwise. */
  readonly collection?: string
  /** Each index with the reads that it serves. No key is unique but `_id` and those whose violation raises an alarm. */
  readonly indexes: readonly ProjectionIndex[]
  /** Each document comes from one block alone and is never replaced. */
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

/** The last value of each entity that a block's entries change repeatedly. */
export const lastOfEach = <Entity>(
  { partition, entries }: ReadableBlock,
  changed: (changes: Changes) => readonly Entity[],
  keyOf: (entity: Entity) => string,
  encode: (entity: Entity, partition: number) => EncodedDocument,
): readonly ProjectedDocument[] => {
  const last = new Map<string, Entity>()
  for (const { changes } of entries) {
    for (const entity of changed(changes)) last.set(keyOf(entity), entity)
  }
  return [...last.values()].map((entity) => projected(encode(entity, partition)))
}

type EncodedDocument = { readonly _id: Key; readonly [field: string]: unknown }

/**
 * Takes an encoder's document, whose `_id` is its key. It is not copied: copies of every sale would dominate a projection's
 * cost.
 */
export const projected = (document: EncodedDocument): ProjectedDocument => ({
  id: document._id,
  fields: document,
})

/** The same of a document that no earlier block has. */
export const projectedNew = (document: EncodedDocument): ProjectedDocument => ({
  ...projected(document),
  isNew: true,
})
