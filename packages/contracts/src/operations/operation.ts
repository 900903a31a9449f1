import type { z } from 'zod'
import { envelopeOf } from '../envelope.ts'
import type { ShiftTotal, StatementKind } from '../statements.ts'

/** One kind for cash that comes in and another for cash that goes out. */
type InOrOut<Kind> = { readonly in: Kind; readonly out: Kind }

/** The entry that an operation leaves in the log, and the names of its lines for those who read a drawer or a float. */
export type EntryDeclaration = {
  readonly kind: string
  /** In a statement; null where the entry moves no balance. */
  readonly statement: StatementKind | InOrOut<StatementKind> | null
  /**
   * In the totals of a shift, by direction. `before`: moved between two sessions, so part of the next opening. Null where the
   * entry is none of the shift's income or outgo: a sale is added up by its steps, a count is over or short.
   */
  readonly shift:
    (Partial<InOrOut<ShiftTotal['kind']>> & { readonly before?: ShiftTotal['kind'] }) | null
}

/** One operation that a till may ask for, declared once: registry.ts derives every union, table and list from it. */
type OperationDeclaration = {
  /** The command's name on the wire, without its version. */
  readonly kind: string
  /** The command's data. */
  readonly schema: z.ZodObject
  /**
   * Everything that the till sent, and nothing else: no value of the catalogue, the token, the headers or the clock. A field
   * that the till may leave out is null where it did. The order of the fields is the order in the fingerprint's text.
   */
  readonly payload: z.ZodObject
  /** The result that the ledger answers with; null for a sale, which is answered with its settlement. */
  readonly result: z.ZodObject | null
  /** Reasons for which the ledger refuses it. */
  readonly refusals: readonly string[]
  readonly entry: EntryDeclaration
}

/** Keeps the declaration's own types, checks them, and adds the message that carries the operation. */
export const declareOperation = <const Declaration extends OperationDeclaration>(
  declaration: Declaration,
) => ({
  ...declaration,
  message: envelopeOf<`${Declaration['kind']}.v1`, Declaration['schema']>(
    `${declaration.kind}.v1`,
    declaration.schema,
  ),
})
