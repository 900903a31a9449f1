import type mongoose from 'mongoose'

type Db = mongoose.mongo.Db
type Fields = Readonly<Record<string, unknown>>
/** Any stored document; it is copied and not understood. */
export type Raw = Fields & { readonly _id: unknown }

/** The documents that one group of a projection wrote, as the ledger's projector writes them. */
export type RawWrite = {
  readonly collection: string
  /** Documents that no earlier group has. */
  readonly inserts: readonly Raw[]
  /** Documents that are replaced where they show a lower position. */
  readonly replacements: readonly (Raw & { readonly position: number })[]
}
export type RawGroup = {
  readonly blocks: readonly Raw[]
  readonly from: number
  readonly to: number
  readonly writes: readonly RawWrite[]
}

/** The stored number type: read and written again without a change of type. */
type Position = number | mongoose.mongo.Long
/** Documents keyed by their block, which are never replaced. */
type Placed = Raw & { readonly _id: { readonly n: Position } }
type Entry = Placed & { readonly kind: string; readonly saleId?: string }
type Sale = Raw & { readonly _id: string; readonly position: number }
type Balance = Raw & { readonly _id: string; readonly position: number }
type Lines = Placed & {
  readonly _id: { readonly account: string; readonly n: Position }
  readonly lines: readonly { readonly after: Fields }[]
}

/**
 * Reads a ledger of one partition back, cut where its projector cut it.
 * @param boundaries the position before the first group, and the last one of each
 */
export const readGroups = async (
  ledger: Db,
  blocksDb: Db,
  partition: number,
  boundaries: readonly number[],
): Promise<readonly RawGroup[]> => {
  const read = async <Stored extends Raw>(name: string): Promise<readonly Stored[]> =>
    (await ledger.collection(name).find({ p: partition }).toArray()) as unknown as Stored[]
  const byKey = { '_id.p': partition } as never
  const blocks = (await blocksDb
    .collection('blocks')
    .find(byKey)
    .sort({ _id: 1 })
    .toArray()) as unknown as Placed[]
  const lines = (await ledger
    .collection('statement_lines')
    .find(byKey)
    .sort({ _id: 1 })
    .toArray()) as unknown as Lines[]
  const entries = await read<Entry>('operations')
  const sales = await read<Sale>('sales')
  const balances = await read<Balance>('balances')
  const cash = await read<Balance>('cash')
  const groups: RawGroup[] = []
  for (const [index, to] of boundaries.entries()) {
    const from = boundaries[index - 1]
    if (from === undefined) continue
    const isIn = (position: number) => position > from && position <= to
    const inGroup = <Each extends Placed>(each: readonly Each[]) =>
      each.filter(({ _id }) => isIn(Number(_id.n)))
    const groupEntries = inGroup(entries)
    const groupLines = inGroup(lines)
    groups.push({
      blocks: inGroup(blocks),
      from,
      to,
      writes: [
        {
          collection: 'balances',
          inserts: [],
          replacements: balancesAfter(balances, groupLines, to),
        },
        {
          collection: 'cash',
          inserts: [],
          replacements: cash.map((each) => ({ ...each, position: to })),
        },
        { collection: 'sales', ...salesOf(sales, groupEntries, isIn) },
        { collection: 'operations', inserts: groupEntries, replacements: [] },
        { collection: 'statement_lines', inserts: groupLines, replacements: [] },
      ],
    })
  }
  return groups
}

/** Each account that moved, as its last line of the group left it; and the shop's numbers. */
const balancesAfter = (
  balances: readonly Balance[],
  lines: readonly Lines[],
  position: number,
): RawWrite['replacements'] => {
  const after = new Map(
    lines.map(({ _id, lines: each }) => [`account/${_id.account}`, each.at(-1)?.after]),
  )
  return balances.flatMap((balance) =>
    balance['is'] === 'merchant' || after.has(balance._id)
      ? [{ ...balance, ...after.get(balance._id), position }]
      : [],
  )
}

/** A sale that was reserved and committed within the group is one document; else it is inserted as reserved and replaced later. */
const salesOf = (
  sales: readonly Sale[],
  entries: readonly Entry[],
  isIn: (position: number) => boolean,
): Pick<RawWrite, 'inserts' | 'replacements'> => {
  const reservedAt = new Map(
    entries.flatMap(({ kind, saleId, _id }) =>
      kind === 'reserve' && saleId !== undefined ? [[saleId, Number(_id.n)] as const] : [],
    ),
  )
  const inserts: Raw[] = []
  const replacements: Sale[] = []
  for (const sale of sales) {
    const reserved = reservedAt.get(sale._id)
    const isEnded = isIn(sale.position)
    if (reserved !== undefined) inserts.push(isEnded ? sale : asReserved(sale, reserved))
    else if (isEnded) replacements.push(sale)
  }
  return { inserts, replacements }
}

const asReserved = (sale: Sale, position: number): Raw => ({
  ...sale,
  state: 'reserved',
  attempts: [],
  open: true,
  position,
})
