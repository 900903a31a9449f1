import type { DayReport, DaySum, MerchantId, ShopDay } from '@recargas/contracts'
import { sessionView } from '../cash/session-view.ts'
import { sessionOf } from '../mongo/documents.ts'
import { cash } from '../projections/cash.ts'
import type { Projected } from '../projections/open-projections.ts'
import { sales } from '../projections/sales.ts'
import type { LedgerReads } from './ports.ts'
import type { ReadShown } from './read-shown.ts'

const sessionsMax = 1_000

/** A shop's day, added up by the database. A sale is of the day on which it was reserved. */
export const createDayReads = (
  projected: Projected,
  readShown: ReadShown,
): Pick<LedgerReads, 'dayReport'> => ({
  dayReport: (merchant, day, timeZone) =>
    readShown.ofShop(merchant, [sales.name, cash.name], async ({ partition, options, cutAt }) => {
      const p = partition
      // Few sessions are as long as a day, so the shop's sessions are as few as its shifts.
      const found = await projected.sessions
        .find(
          {
            p,
            is: 'session',
            merchant,
            openedDay: { $lte: day },
            $or: [{ state: 'open' }, { closedDay: { $gte: day } }],
          },
          options,
        )
        .sort({ id: 1 })
        .limit(sessionsMax)
        .toArray()
      const position = await cutAt(found)
      const sessionIds = found.map(({ id }) => id)
      const sums = await projected.sales
        .aggregate<Group>(groupsOf(p, merchant, { day, sessionIds, timeZone }), options)
        .toArray()
      return {
        day,
        position,
        sums: sums.map(daySum),
        sessions: found.map((stored) => sessionView(sessionOf(stored))),
      } satisfies DayReport
    }),
})

type Group = {
  readonly _id: Pick<DaySum, 'operator' | 'cajaId' | 'hour' | 'state'>
  readonly count: number
  readonly amount: number
}

type DayPart = {
  readonly day: ShopDay
  readonly sessionIds: readonly number[]
  readonly timeZone: string
}

const groupsOf = (
  p: number,
  merchant: MerchantId,
  { day, sessionIds, timeZone: timezone }: DayPart,
) => [
  { $match: { p, merchant, sessionId: { $in: [...sessionIds] }, day } },
  {
    $group: {
      _id: {
        operator: '$operator',
        cajaId: '$cajaId',
        hour: { $hour: { date: '$requestedAt', timezone } },
        state: '$state',
      },
      count: { $sum: 1 },
      amount: { $sum: '$amount' },
    },
  },
  { $sort: { _id: 1 } },
]

const daySum = ({ _id, count, amount }: Group): DaySum => ({
  operator: _id.operator,
  cajaId: _id.cajaId,
  hour: _id.hour,
  state: _id.state,
  count,
  amount: amount as DaySum['amount'],
})
