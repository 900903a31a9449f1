import type { OperationId } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'

/** The known state of a press whose command was not published. */
export type UnpublishedPress =
  /** Without a key its id is new, so no other request can have led to it. */
  | { readonly kind: 'unkeyed' }
  /** With a key, while the id that the key stands for cannot be derived. */
  | { readonly kind: 'unnamed' }
  /** An earlier press of the key may have been published under this id. */
  | {
      readonly kind: 'named'
      readonly operationId: OperationId
      /** The path at which the operation can be looked up; undefined for none. */
      readonly location: string | undefined
    }

/**
 * The answer to every request that ends before its command is published. Only a press without a key is told that
 * nothing took place: an earlier press of a key may have sold, and only the ledger knows.
 */
export const unpublished = (press: UnpublishedPress, cause?: unknown): Problem => {
  const because = cause === undefined ? {} : { cause }
  switch (press.kind) {
    case 'unkeyed':
      return new Problem('NOT_ACCEPTED', {}, because)
    case 'unnamed':
      return new Problem('NOT_READY', {}, because)
    case 'named':
      return outcomeUnknown(press, because)
  }
}

type Named = Extract<UnpublishedPress, { kind: 'named' }>

/** The ledger could not be heard, or was not asked: the operation may have taken place, or still may. */
export const outcomeUnknown = (press: Named, extra: { readonly cause?: unknown } = {}): Problem =>
  new Problem('OUTCOME_UNKNOWN', {}, { ...extra, ...whereToAsk(press) })

/** The ledger takes no sales after a restore, and cannot know if this one was made before it. */
export const sellingPaused = (press: Exclude<UnpublishedPress, { kind: 'unnamed' }>): Problem =>
  press.kind === 'unkeyed'
    ? new Problem('SELLING_PAUSED')
    : new Problem('SELLING_PAUSED', { operationId: press.operationId }, whereToAsk(press))

const whereToAsk = ({ operationId, location }: Named) => ({
  members: { id_transaccion: operationId },
  headers: location === undefined ? {} : { location },
})
