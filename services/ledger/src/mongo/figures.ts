import type { Figures } from '../reads/ledger-metrics.ts'
import { countOpenCases } from './cases.ts'
import type { LedgerDatabase } from './collections.ts'
import { accountsIn } from './state.ts'

const heldStates = ['reserved', 'in-review'] as const
/** Past it a figure means "at least". */
const countMax = 10_000
const merchantsMax = 1_000
const timeoutMs = 2_000

/** What the ledger holds now, by index only: nothing here grows with the sales that are settled. */
export const createFigures =
  ({ collections, models }: LedgerDatabase) =>
  async (): Promise<Figures> => {
    const accounts = accountsIn(collections)
    const [floats, sums, oldestUnsentAt, casesOpen] = await Promise.all([
      accounts.find({ is: 'account', kind: 'float' }, { maxTimeMS: timeoutMs }).toArray(),
      accounts.aggregate<Sum>(sumsByCurrency, { ...snapshot, hint: ofAccounts }).toArray(),
      oldestUnsent(collections),
      countOpenCases({ collections, models }, timeoutMs),
    ])
    return {
      floats: floats.map(({ merchant, of, currency, posted, reserved }) => ({
        merchant,
        operator: of,
        currency,
        available: posted - reserved,
        reserved,
      })),
      imbalances: sums.map(({ _id, posted, reserved, incoming }) => ({
        currency: _id,
        amount: Math.abs(posted) + Math.abs(reserved - incoming),
      })),
      held: await heldOf(collections, [...new Set(floats.map(({ merchant }) => merchant))]),
      oldestUnsentAt,
      casesOpen,
    }
  }

/** Without it a batch that commits meanwhile could be seen in one account and not yet in the other. */
const snapshot = { readConcern: { level: 'snapshot' }, maxTimeMS: timeoutMs } as const

/** The index that holds accounts only: shifts that ended pile up beside them. */
const ofAccounts = { kind: 1, merchant: 1 } as const

const sumsByCurrency = [
  { $match: { is: 'account' } },
  {
    $group: {
      _id: '$currency',
      posted: { $sum: '$posted' },
      reserved: { $sum: '$reserved' },
      incoming: { $sum: '$incoming' },
    },
  },
]

type Sum = {
  readonly _id: string
  readonly posted: number
  readonly reserved: number
  readonly incoming: number
}
type Collections = LedgerDatabase['collections']

const heldOf = ({ topups }: Collections, merchants: readonly string[]): Promise<Figures['held']> =>
  Promise.all(
    heldStates.map(async (state) => {
      const count = await topups.countDocuments(
        { open: true, state },
        { limit: countMax, maxTimeMS: timeoutMs },
      )
      const oldest =
        count === 0
          ? []
          : await Promise.all(
              merchants.slice(0, merchantsMax).map((merchant) =>
                topups.findOne(
                  { open: true, merchant, state },
                  // A shop's numbers are given in the order of its sales: the lowest is the oldest.
                  {
                    sort: { number: 1 },
                    projection: { reservedAt: 1 },
                    maxTimeMS: timeoutMs,
                  },
                ),
              ),
            )
      const times = oldest.flatMap((found) => (found === null ? [] : [found.reservedAt.getTime()]))
      return { state, count, oldestAt: times.length === 0 ? null : Math.min(...times) }
    }),
  )

const oldestUnsent = async ({ outbox }: Collections): Promise<number | null> => {
  const oldest = await outbox.findOne(
    {},
    { sort: { at: 1 }, projection: { at: 1 }, maxTimeMS: timeoutMs },
  )
  return oldest?.at.getTime() ?? null
}
