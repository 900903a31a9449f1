import type { OperationId } from '@recargas/contracts'
import type { BatchSeal, PlacedEntry } from '../domain/chain.ts'
import type {
  Account,
  Caja,
  Case,
  Injection,
  Merchant,
  Session,
  Topup,
} from '../domain/entities.ts'
import type { Head, OutboxMessage } from '../writer/ports.ts'

/** An entry as it is stored; the last one of a batch seals the batch. */
export type StoredEntry = {
  readonly kind: 'entry'
  readonly seq: number
  readonly placed: PlacedEntry
  readonly at: number
  readonly seal: Seal | null
}
export type Seal = BatchSeal & {
  readonly number: number
  readonly size: number
  readonly previous: string
  readonly hash: string
}
export type DamagedEntry = {
  readonly kind: 'damaged'
  readonly id: string
  readonly seq: number
  readonly reason: string
}
export type ReadEntry = StoredEntry | DamagedEntry

/** What follows from the journal and is stored beside it. */
export type Derived = {
  readonly accounts: readonly Account[]
  readonly merchants: readonly Merchant[]
  readonly cajas: readonly Caja[]
  readonly sessions: readonly Session[]
  readonly topups: readonly Topup[]
  readonly injections: readonly Injection[]
  readonly cases: readonly Case[]
}
export const derivedKinds = [
  'accounts',
  'merchants',
  'cajas',
  'sessions',
  'topups',
  'injections',
  'cases',
] as const satisfies readonly (keyof Derived)[]
export type DerivedKind = (typeof derivedKinds)[number]

export type Difference = {
  readonly kind: DerivedKind
  readonly id: string
  /** What differs, as field: stored, expected; empty where nothing is stored. */
  readonly fields: ReadonlyMap<string, string>
}

/** The messages of a batch that wait to be sent. */
export type UnsentBatch = {
  readonly id: string
  readonly partition: number
  readonly at: number
  readonly messages: readonly OutboxMessage[]
}

/** A ledger's records, only ever read. */
export type LedgerSource = {
  readonly head: (partition: number) => Promise<Head | null>
  /** In order of their sequence, in handfuls. */
  readonly entries: (
    partition: number,
    after: number,
    upTo: number,
  ) => AsyncIterable<readonly ReadEntry[]>
  readonly topups: (ids: readonly OperationId[]) => Promise<readonly Topup[]>
  readonly sessions: (keys: readonly string[]) => Promise<readonly Session[]>
  /** Compares what should be stored with what is. */
  readonly differences: (
    partition: number,
    expected: Partial<Derived>,
  ) => Promise<readonly Difference[]>
  readonly counts: (partition: number) => Promise<Readonly<Record<DerivedKind, number>>>
  readonly unsent: () => AsyncIterable<UnsentBatch>
  /** Entries behind the heads, and documents of no partition. */
  readonly strays: (heads: readonly (Head | null)[]) => Promise<readonly Stray[]>
}
export type Stray = { readonly id: string; readonly detail: string }

export type LedgerRecords = {
  /** Which database this is, as far as it can tell; a checkpoint of another one is refused. */
  readonly identity: () => Promise<{ readonly name: string; readonly lacks: readonly string[] }>
  /** As the ledger works; what is older than a head never changes. */
  readonly live: LedgerSource
  /** Everything as it was at one instant. */
  readonly atOneInstant: <Result>(use: (source: LedgerSource) => Promise<Result>) => Promise<Result>
}
