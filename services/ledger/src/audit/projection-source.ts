import mongoose from 'mongoose'
import { findBytes } from '../mongo/find-bytes.ts'
import { idIndex, keyRange } from '../mongo/stored-values.ts'
import { projections } from '../projections/all.ts'
import { balances } from '../projections/balances.ts'
import { cases } from '../projections/cases.ts'
import { cash } from '../projections/cash.ts'
import { createGenerationStore } from '../projections/generation-store.ts'
import {
  collectionOf,
  generationName,
  generationsOf,
  readableOf,
} from '../projections/generations.ts'
import { injections } from '../projections/injections.ts'
import { operations } from '../projections/operations.ts'
import { createProjectionStore } from '../projections/projection-store.ts'
import type { Projection } from '../projections/projection.ts'
import { sales } from '../projections/sales.ts'
import { statementLines } from '../projections/statement-lines.ts'
import type { CountedKind, ProjectionSource } from './log-records.ts'
import { keyOf, keyOfId } from './stored-documents.ts'

type Db = mongoose.mongo.Db
const { deserialize } = mongoose.mongo.BSON

export const readTimeoutMs = 60_000

/** The generation of each projection that is read (ADR 0031). */
export type InUse = {
  readonly collection: (projection: string) => string
  /** The name of its positions. */
  readonly positions: (projection: string) => string
  /** @throws where it is read no more: it may have been dropped meanwhile */
  readonly check: (projection: string) => Promise<void>
}

export const generationsInUse = async (ledger: Db): Promise<InUse> => {
  const store = createGenerationStore(ledger, { timeoutMs: readTimeoutMs })
  const known = await store.read()
  const currentOf = (projection: string) => generationsOf(known, projection).current ?? 1
  return {
    collection: (projection) => collectionOf(projection, currentOf(projection)),
    positions: (projection) => generationName(projection, currentOf(projection)),
    check: async (projection) => {
      const now = generationsOf(await store.read(), projection)
      if (now.current === null || readableOf(now).includes(currentOf(projection))) return
      throw new Error(`${projection} was rebuilt meanwhile: verify once more`)
    },
  }
}

/** The projection of each kind of document; two projections hold two kinds. */
const kinds: readonly (readonly [CountedKind, Projection, is?: string])[] = [
  ['accounts', balances, 'account'],
  ['merchants', balances, 'merchant'],
  ['cajas', cash, 'caja'],
  ['sessions', cash, 'session'],
  ['sales', sales],
  ['injections', injections],
  ['cases', cases],
]
const operationsAtOnce = 4_000

/** Reads the documents of the projections as the server sends them. */
export const projectionSource = (
  db: Db,
  { isCounted }: { readonly isCounted: boolean },
): ProjectionSource => {
  const { positionsOf } = createProjectionStore(db, { timeoutMs: readTimeoutMs })
  let known: Promise<InUse> | null = null
  /** A walk compares one generation, as it stood at its begin. */
  const inUse = () => (known ??= generationsInUse(db))
  return {
    begin: async (partition) => {
      const { collection, positions: positionsName } = await inUse()
      const names = projections.map(({ name }) => name)
      const shown = await positionsOf(partition, names.map(positionsName))
      const positions = new Map(names.map((name) => [name, shown.get(positionsName(name)) ?? -1]))
      const counts = await Promise.all([
        ...(isCounted ? kinds : []).map(async ([kind, { name }, is]) => {
          const filter = { p: partition, ...(is === undefined ? {} : { is }) }
          return [kind, await count(db, collection(name), filter)] as const
        }),
        ...(isCounted ? [statementLines.name] : []).map(async (name) => {
          const counted = await count(db, collection(name), keysOf(partition))
          return ['statement lines', counted] as const
        }),
      ])
      const [newest] = await db
        .collection<{ readonly _id: { readonly n: number }; readonly p: number }>(
          collection(operations.name),
        )
        .find(
          { p: partition, ...keysOf(partition) },
          { readConcern: { level: 'majority' }, hint: idIndex },
        )
        .sort({ _id: -1 })
        .limit(1)
        .toArray()
      for (const name of names) await (await inUse()).check(name)
      return { positions, counts: new Map(counts), newestOperation: newest?._id.n ?? -1 }
    },
    byIds: async (p, projection, ids) => {
      const found: Uint8Array[] = []
      const { collection, check } = await inUse()
      // A reply that is full holds fewer than there are: the rest is asked for again.
      for (let missing = ids; missing.length > 0;) {
        const filter = { ...(hasPlaceAsKey(projection) ? {} : { p }), _id: { $in: missing } }
        const query = {
          find: collection(projection),
          filter,
          hint: idIndex,
          limit: missing.length,
        }
        const more = await findBytes({ db, session: undefined }, query)
        found.push(...more)
        if (more.length === 0 || more.length === missing.length) break
        const known = new Set(more.map(keyOf))
        missing = missing.filter((id) => !known.has(keyOfId(id)))
      }
      await check(projection)
      return found
    },
    operations: async (p, blocks) => operationsOf(db, await inUse(), p, blocks),
  }
}

const operationsOf = async (
  db: Db,
  { collection, check }: InUse,
  p: number,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[]> => {
  const found: Uint8Array[] = []
  for (let after: object = { $gte: { p, n: from } }; ;) {
    const query = {
      find: collection(operations.name),
      filter: { p, _id: { ...after, $lt: { p, n: to + 1 } } },
      hint: idIndex,
      sort: idIndex,
      limit: operationsAtOnce,
    }
    const more = await findBytes({ db, session: undefined }, query)
    found.push(...more)
    const last = more.at(-1)
    if (last === undefined || more.length < operationsAtOnce) {
      // A reply of many bytes ends before its limit.
      if (last === undefined || bytesIn(more) < replyBytesMax) {
        await check(operations.name)
        return found
      }
    }
    after = { $gt: deserialize(last)['_id'] as object }
  }
}

/** Its ids begin with the partition, which is no field of its own. */
const hasPlaceAsKey = (projection: string): boolean => projection === statementLines.name

const replyBytesMax = 8 * 1024 * 1024
const bytesIn = (documents: readonly Uint8Array[]): number =>
  documents.reduce((sum, { length }) => sum + length, 0)

const keysOf = (partition: number) => ({
  _id: keyRange<{ readonly n: number }>({ $gte: { p: partition }, $lt: { p: partition + 1 } }),
})

const count = (db: Db, collection: string, filter: object): Promise<number> =>
  db.collection(collection).countDocuments(filter, { readConcern: { level: 'majority' } })
