import type { LogEntry } from '../log/entry.ts'

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
  /** Also the name of its collection. */
  readonly name: string
  /** Each with the reads that it serves. No key is unique but `_id` and what raises an alarm. */
  readonly indexes: readonly ProjectionIndex[]
  /** The documents that a block changes; of two with one id the last one counts. */
  readonly documentsOf: (block: ReadableBlock) => readonly ProjectedDocument[]
}

/** A document and the position that it shows. */
export type PositionedDocument = ProjectedDocument & { readonly position: number }

/** The documents of several blocks, each once: as it is after the last block that changed it. */
export const documentsAfter = (
  { documentsOf }: Projection,
  blocks: readonly ReadableBlock[],
): readonly PositionedDocument[] => {
  const documents = new Map<string, PositionedDocument>()
  for (const block of blocks) {
    for (const document of documentsOf(block)) {
      const key = typeof document.id === 'string' ? document.id : JSON.stringify(document.id)
      const isNew = document.isNew ?? documents.get(key)?.isNew
      documents.set(key, {
        ...document,
        ...(isNew === undefined ? {} : { isNew }),
        position: block.position,
      })
    }
  }
  return [...documents.values()]
}

/** A document of the encoders, whose `_id` is its key. */
export const projected = ({ _id, ...fields }: { readonly _id: Key }): ProjectedDocument => ({
  id: _id,
  fields,
})

/** The same of a document that no earlier block has. */
export const projectedNew = (document: { readonly _id: Key }): ProjectedDocument => ({
  ...projected(document),
  isNew: true,
})
