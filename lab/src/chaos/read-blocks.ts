import { partitionCount } from '@recargas/contracts'
import { blocksOf, type LedgerDb } from '../runner/ledger-database.ts'
import type { StoredBlock, StoredEntry, StoredLine, StoredTopup } from './facts.ts'

type BlockDocument = {
  readonly _id: { readonly p: number; readonly n: number }
  readonly kind: string
  readonly birth: string
  readonly epoch: number
  readonly owner: string
  readonly at: Date
  readonly prev: string
  readonly hash: string
  readonly entries?: readonly string[]
}

/** Position of the last block that was read of each partition. */
export type Position = Map<number, number>

/** Blocks after a position, which is moved on, each partition's in order. */
export const readBlocks = async (db: LedgerDb, position: Position): Promise<StoredBlock[]> => {
  const blocks = db.collection<BlockDocument>('blocks')
  const read: StoredBlock[] = []
  for (let p = 0; p < partitionCount; p += 1) {
    const found = blocks.find(blocksOf(p, position.get(p))).sort({ _id: 1 })
    for await (const document of found) {
      position.set(p, document._id.n)
      read.push(blockOf(document))
    }
  }
  return read
}

const blockOf = ({ _id, at, prev, entries = [], ...rest }: BlockDocument): StoredBlock => ({
  partition: _id.p,
  position: _id.n,
  kind: rest.kind,
  birth: rest.birth,
  epoch: rest.epoch,
  owner: rest.owner,
  at: at.getTime(),
  previous: prev,
  hash: rest.hash,
  entries: entries.map(entryOf),
})

type EntryJson = {
  readonly id: string
  readonly kind: string
  readonly saleId: string | null
  readonly outcome: { readonly code?: string }
  readonly lines: readonly (readonly [string, ...number[]])[]
  readonly changes: {
    readonly merchants?: readonly (readonly [id: string, ...unknown[]])[]
    readonly topups?: readonly PackedTopup[]
    readonly injections?: readonly { readonly id: string }[]
    readonly cases?: readonly { readonly id: string }[]
    readonly cajas?: readonly OfMerchant[]
    readonly sessions?: readonly OfMerchant[]
  }
}
/** Values stand without the names of their fields, in the order of version 1. */
type OfMerchant = readonly [merchant: string, id: number, ...unknown[]]
type PackedTopup = readonly unknown[]
const placeInTopup = { id: 0, phone: 10, carrierAmount: 12, state: 16, releaseReason: 17 } as const

/** Entries are JSON: the very bytes that the block's hash covers. */
const entryOf = (text: string): StoredEntry => {
  const { id, kind, saleId, outcome, lines, changes } = JSON.parse(text) as EntryJson
  const { merchants = [], topups = [], injections = [], cases = [] } = changes
  const { cajas = [], sessions = [] } = changes
  return {
    id,
    kind,
    topupId: saleId,
    isRefusedByTime: kind === 'refuse' && outcome.code === 'EXPIRED',
    lines: lines.map(lineOf),
    topups: topups.map(unpackedTopup),
    changed: [
      ...merchants.map(([id]) => ({ projection: 'balances', id: `merchant/${id}` })),
      ...cajas.map(([merchant, id]) => ({ projection: 'cash', id: `caja/${merchant}/${id}` })),
      ...sessions.map(([merchant, id]) => ({
        projection: 'cash',
        id: `session/${merchant}/${id}`,
      })),
      ...injections.map((each) => ({ projection: 'injections', id: each.id })),
      ...cases.map((each) => ({ projection: 'cases', id: each.id })),
    ],
  }
}

const lineOf = ([account, ...amounts]: readonly [string, ...number[]]): StoredLine => {
  const [posted = NaN, reserved = NaN, incoming = NaN] = amounts
  const [postedAfter = NaN, reservedAfter = NaN, incomingAfter = NaN] = amounts.slice(3)
  return {
    account,
    posted,
    reserved,
    incoming,
    after: { posted: postedAfter, reserved: reservedAfter, incoming: incomingAfter },
  }
}

const unpackedTopup = (packed: PackedTopup): StoredTopup => {
  const places = Object.entries(placeInTopup).map(([field, place]) => [field, packed[place]])
  return Object.fromEntries(places) as StoredTopup
}

/** Ids of commands that the log has an entry of, other than a refusal by time. */
export const idsIn = (blocks: readonly StoredBlock[]): ReadonlySet<string> =>
  new Set(
    blocks.flatMap(({ entries }) =>
      entries.flatMap(({ id, isRefusedByTime }) => (isRefusedByTime ? [] : [id])),
    ),
  )
