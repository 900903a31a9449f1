import * as declared from './declared.ts'
import { z } from 'zod'
import { gatewayRefusalCodes } from '../errors.ts'
import type { EntryDeclaration } from './operation.ts'
import { hash } from 'node:crypto'

export type Declared = (typeof declared)[keyof typeof declared]

export type OperationKind = Declared['kind']
type Operations = { readonly [Each in Declared as Each['kind']]: Each }

const everyDeclaration: readonly Declared[] = Object.values(declared)

/** The declaration of each operation. */
export const operations = Object.fromEntries(
  everyDeclaration.map((declaration) => [declaration.kind, declaration]),
) as Operations

export const operationKinds = Object.keys(operations) as readonly OperationKind[]
export const OperationKind = z.enum(operationKinds)

/** The data of each operation's command. */
export type OperationData<Kind extends OperationKind> = Data[Kind]
type Data = { readonly [Each in Declared as Each['kind']]: z.infer<Each['schema']> }

/** The till's own part of each operation. */
export type TillPayloads = {
  readonly [Each in Declared as Each['kind']]: Readonly<z.infer<Each['payload']>>
}
export type TillPayload = {
  [Kind in OperationKind]: { readonly kind: Kind } & TillPayloads[Kind]
}[OperationKind]

/** Reasons for which the ledger itself refuses one operation. */
export type RefusalOf<Kind extends OperationKind> = Operations[Kind]['refusals'][number]

/** Refusals of an operation. Each is journalled, so a repeat of that id gets the same answer. */
export const refusalCodes = [
  ...new Set([...everyDeclaration.flatMap(({ refusals }) => refusals), ...gatewayRefusalCodes]),
] as const
export type RefusalCode = (typeof refusalCodes)[number]

type Result = Exclude<Declared['result'], null>

/** The result of each operation that has one. */
export const OperationResult = z.discriminatedUnion('kind', [
  ...new Set(everyDeclaration.flatMap(({ result }): Result[] => (result === null ? [] : [result]))),
] as unknown as readonly [Result, ...Result[]])
export type OperationResult = z.infer<typeof OperationResult>

/** The result of one operation; a sale has none. */
export type ResultOf<Kind extends OperationKind> = Results[Kind]
type Results = {
  readonly [Each in Declared as Each['kind']]: Each['result'] extends z.ZodType
    ? z.infer<Each['result']>
    : never
}

/** Kinds of the entries that operations leave in the log. */
export type OperationEntryKind = Declared['entry']['kind']
export const operationEntries: ReadonlyMap<
  string,
  EntryDeclaration & { readonly kind: OperationEntryKind }
> = new Map(everyDeclaration.map(({ entry }) => [entry.kind, entry]))

/** A payload as text that is the same wherever the till sent the same. */
export const canonicalPayload = (payload: TillPayload): string => {
  const values = payload as unknown as Readonly<Record<string, unknown>>
  const fields = Object.keys(operations[payload.kind].payload.shape)
  return JSON.stringify([payload.kind, ...fields.map((field) => [field, values[field] ?? null])])
}

/** SHA-256 of a {@link canonicalPayload}, base64url. */
export const fingerprintOf = (payload: TillPayload): string =>
  hash('sha256', canonicalPayload(payload), 'base64url')
