import type mongoose from 'mongoose'

type Db = mongoose.mongo.Db
type Fields = Readonly<Record<string, unknown>>
/** Any stored document; what is in it is copied and not understood. */
export type Raw = Fields & { readonly _id: string | number }

type RawEntry = Raw & {
  readonly p: number
  readonly seq: unknown
  readonly kind: string
  readonly at: Date
  readonly topupId?: string
  readonly lines: readonly { readonly account: string; readonly after: Fields }[]
  readonly batch?: { readonly epoch: unknown; readonly number: unknown; readonly hash: string }
}

/** The documents of one batch as our writer stored them. */
export type RawBatch = {
  /** What is replaced: the head, the balances, the shop's numbers, its session. */
  readonly state: readonly Raw[]
  /** Sales as they were reserved, and what changed in those that ended. */
  readonly topups: readonly Raw[]
  readonly updates: readonly Raw[]
  readonly journal: readonly Raw[]
  readonly outbox: Raw | null
}

/** What a top-up's update writes. */
const progressFields = [
  'state',
  'releaseReason',
  'invalid',
  'cases',
  'attempts',
  'decision',
  'updatedAt',
  'progressAt',
]

/** Reads a ledger of one shop back, cut where its writer cut it. */
export const readBatches = async (db: Db): Promise<readonly RawBatch[]> => {
  const entries = await db.collection<RawEntry>('journal').find().sort({ p: 1, seq: 1 }).toArray()
  const merchant = await theOnly(db, 'merchant')
  const cashSession = await theOnly(db, 'session')
  const topups = await byId(db, 'topups')
  const outbox = await byId(db, 'outbox')
  const batches: RawBatch[] = []
  let journal: RawEntry[] = []
  for (const entry of entries) {
    journal.push(entry)
    const { batch: seal, p, seq, at } = entry
    if (seal === undefined) continue
    batches.push({
      state: [
        { _id: `head/${p}`, epoch: seal.epoch, seq, batch: seal.number, hash: seal.hash, at },
        ...balancesAfter(journal),
        merchant,
        cashSession,
      ],
      topups: topupsOf(journal, 'reserve', topups).map(asReserved),
      updates: topupsOf(journal, 'commit', topups).map(progressOf),
      journal,
      outbox: outbox.get(`${p}:${String(seal.number)}`) ?? null,
    })
    journal = []
  }
  return batches
}

const theOnly = async (db: Db, is: string): Promise<Raw> => {
  const found = await db.collection<Raw>('state').findOne({ is })
  if (found === null) throw new Error(`no ${is} in ${db.databaseName}`)
  return found
}

const byId = async (db: Db, name: string): Promise<ReadonlyMap<string, Raw>> => {
  const found = await db.collection<Raw>(name).find().toArray()
  return new Map(found.map((each) => [String(each._id), each]))
}

/** One update for each distinct account: what its last line left. */
const balancesAfter = (journal: readonly RawEntry[]): readonly Raw[] => {
  const accounts = new Map<string, Raw>()
  for (const { account, after } of journal.flatMap(({ lines }) => lines)) {
    accounts.set(account, { _id: `account/${account}`, ...after })
  }
  return [...accounts.values()]
}

const topupsOf = (
  journal: readonly RawEntry[],
  kind: 'reserve' | 'commit',
  topups: ReadonlyMap<string, Raw>,
): readonly Raw[] =>
  journal.flatMap((entry) => (entry.kind === kind ? (topups.get(entry.topupId ?? '') ?? []) : []))

const asReserved = (topup: Raw): Raw => ({ ...topup, state: 'reserved', attempts: [], open: true })

const progressOf = (topup: Raw): Raw => {
  const progress = progressFields.map((name) => [name, topup[name]] as const)
  return { _id: topup._id, ...Object.fromEntries(progress) }
}
