import { assertNever } from '@recargas/contracts'
import mongoose from 'mongoose'
import {
  derivedKinds,
  type Derived,
  type DerivedKind,
  type Difference,
} from '../verify/ledger-source.ts'
import {
  accountDocument,
  cajaDocument,
  caseDocument,
  injectionDocument,
  merchantDocument,
  sessionDocument,
  topupDocument,
} from './documents.ts'
import { bufferOf } from './journal-bytes.ts'

const { deserialize, serialize, EJSON } = mongoose.mongo.BSON

/** The documents of these ids, as bytes; those that are not there are left out. */
export type StoredBytes = (
  kind: DerivedKind,
  ids: readonly string[],
) => Promise<readonly Uint8Array[]>

type AnyDocument = { readonly _id: string } & Readonly<Record<string, unknown>>

const documentsOf = (
  kind: DerivedKind,
  expected: Partial<Derived>,
  partition: number,
): readonly AnyDocument[] => {
  switch (kind) {
    case 'accounts':
      return (expected.accounts ?? []).map((account) => accountDocument(account, partition))
    case 'merchants':
      return (expected.merchants ?? []).map((merchant) => merchantDocument(merchant, partition))
    case 'cajas':
      return (expected.cajas ?? []).map((caja) => cajaDocument(caja, partition))
    case 'sessions':
      return (expected.sessions ?? []).map((session) => sessionDocument(session, partition))
    case 'topups':
      return (expected.topups ?? []).map((topup) => topupDocument(topup, partition))
    case 'injections':
      return (expected.injections ?? []).map((injection) => injectionDocument(injection, partition))
    case 'cases':
      return (expected.cases ?? []).map((discrepancy) => caseDocument(discrepancy, partition))
    default:
      return assertNever(kind)
  }
}

/** Compares what should be stored with what is, byte by byte; only where that differs, field by field. */
export const differencesFrom = async (
  stored: StoredBytes,
  partition: number,
  expected: Partial<Derived>,
): Promise<readonly Difference[]> => {
  const differences: Difference[] = []
  for (const kind of derivedKinds) {
    const documents = documentsOf(kind, expected, partition)
    if (documents.length === 0) continue
    const found = await stored(
      kind,
      documents.map(({ _id }) => _id),
    )
    const byId = new Map(found.map((bytes) => [idOfBytes(bytes), bytes]))
    for (const document of documents) {
      const bytes = byId.get(document._id)
      if (bytes === undefined) {
        differences.push({ kind, id: document._id, fields: new Map() })
        continue
      }
      const written = serialize(document, { ignoreUndefined: false })
      if (Buffer.compare(bytes, written) === 0) continue
      const fields = fieldsThatDiffer(bytes, written)
      if (fields.size > 0) differences.push({ kind, id: document._id, fields })
    }
  }
  return differences
}

/** `_id` comes first in what a server stores; elsewhere it is looked for. */
export const idOfBytes = (bytes: Uint8Array): string => {
  const view = bufferOf(bytes)
  const isFirst = view.readUInt8(4) === 2 && view.toString('latin1', 5, 9) === '_id\0'
  if (!isFirst) return String(deserialize(bytes)['_id'])
  return view.toString('utf8', 13, 13 + view.readInt32LE(9) - 1)
}

const fieldsThatDiffer = (bytes: Uint8Array, written: Uint8Array): ReadonlyMap<string, string> => {
  const stored = textsOf(bytes)
  const expected = textsOf(written)
  const fields = new Map<string, string>()
  for (const field of new Set([...stored.keys(), ...expected.keys()])) {
    const values = [stored.get(field) ?? 'nothing', expected.get(field) ?? 'nothing'] as const
    if (values[0] !== values[1])
      fields.set(field, `${values[0]} stored, ${values[1]} from the journal`)
  }
  return fields
}

/** Each field's value with its type: an integer is not the double that looks like it. */
const textsOf = (bytes: Uint8Array): ReadonlyMap<string, string> => {
  const document = deserialize(bytes, { promoteValues: false, promoteLongs: false })
  return new Map(
    Object.entries(document).map(([field, value]) => [
      field,
      EJSON.stringify(value, { relaxed: false }),
    ]),
  )
}
