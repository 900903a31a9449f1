import type { ReadBlock } from '../log/block-documents.ts'
import type { Block } from '../log/block.ts'
import type { PositionedDocument } from '../projections/projection.ts'
import type { FindingCode, Findings } from './findings.ts'

export type BirthBlock = Extract<Block, { kind: 'birth' }>

/** The blocks of a ledger, only ever read. */
export type BlockSource = {
  /** Blocks of a partition after a position, in order; a missing one is left out. */
  readonly after: (partition: number, position: number) => AsyncIterable<ReadBlock>
  readonly find: (partition: number, position: number) => Promise<ReadBlock | null>
}

/** The projections of one partition at the begin of its walk: whatever they hold then, the walk meets or exceeds. */
export type ProjectedAtBegin = {
  /** The position of each projection by its name; read before anything else. */
  readonly positions: ReadonlyMap<string, number>
  /** Numbers of stored documents, by projection and kind. */
  readonly counts: ReadonlyMap<CountedKind, number>
  /** The last block that the operations name; -1 where there are none. */
  readonly newestOperation: number
}
/** The documents that are counted, with the code of one too many. */
export const countCodes = {
  accounts: 'ACCOUNT',
  merchants: 'MERCHANT',
  cajas: 'CAJA',
  sessions: 'SESSION',
  sales: 'SALE',
  'statement lines': 'STATEMENT',
  injections: 'INJECTION',
  cases: 'CASE',
} as const satisfies Readonly<Record<string, FindingCode>>
export type CountedKind = keyof typeof countCodes

export type Stray = { readonly id: string; readonly detail: string }

/** The projections of a ledger, only ever read, by a majority on the primary. */
export type ProjectionSource = {
  readonly begin: (partition: number) => Promise<ProjectedAtBegin>
  /** The documents of these ids in a partition, as bytes; those that are not there are left out. */
  readonly byIds: (
    partition: number,
    projection: string,
    ids: readonly PositionedDocument['id'][],
  ) => Promise<readonly Uint8Array[]>
  /** The operations of some blocks, in order, as bytes. */
  readonly operations: (
    partition: number,
    blocks: { readonly from: number; readonly to: number },
  ) => Promise<readonly Uint8Array[]>
}

/** The places of keys by an index instead of a search through the log. */
export type KeyIndex = (
  partition: number,
  keys: readonly string[],
  /** Blocks before this one count. */
  before: number,
) => Promise<{
  /** The latest block that names the key. */
  readonly places: ReadonlyMap<string, number>
  /** Keys that the index cannot place: they are searched for. */
  readonly unknown: readonly string[]
}>

/** Keeps a proof from taking more than its share of time. */
export type Pace = {
  /** Entries that are replayed without a pause of the event loop. */
  readonly entriesAtOnce: number
  /** Awaited after each handful. */
  readonly pause: (findings: Findings) => Promise<void>
}

export type LogRecords = {
  readonly blocks: BlockSource
  /** Absent: older blocks are searched for what a proof that goes on does not know. */
  readonly index?: KeyIndex
  /** Absent: as fast as it can. */
  readonly pace?: Pace
  /** null: blocks alone, as a dump holds them. */
  readonly projections: ProjectionSource | null
  /**
   * The ledger's birth, as far as there is one, and everything that is wrong with the database as a whole.
   * @throws where there is no ledger
   */
  readonly inspect: () => Promise<Inspected>
}
export type Inspected = {
  /** null: no partition's first block can be read. */
  readonly birth: BirthBlock | null
  readonly partitions: number
  /** Number of blocks, about: the log may grow meanwhile. */
  readonly blocks: number
  readonly strays: readonly Stray[]
  /** Blocks that are there twice; a database has none. */
  readonly doubled: readonly { readonly partition: number; readonly position: number }[]
}
