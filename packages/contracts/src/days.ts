import { z } from 'zod'
import { OperatorName, SequenceId } from './ids.ts'
import { Currency, Money } from './money.ts'
import { PersonName } from './plain-text.ts'
import { ShopDay } from './shop-day.ts'
import { SessionView, TopupState } from './views.ts'

/** Sales of one day that share operator, caja, hour of the shop's clock, and state. `amount` in minor units. */
export const DaySum = z.strictObject({
  operator: OperatorName,
  cajaId: SequenceId,
  hour: z.int().min(0).max(23),
  state: TopupState,
  count: z.int().positive(),
  amount: Money,
})
export type DaySum = z.infer<typeof DaySum>

/** One day of a shop: its sales added up, and the sessions that were open in it, oldest first. */
export const DayReport = z.strictObject({
  day: ShopDay,
  /** The newest block that the figures cover. */
  position: z.int().nonnegative(),
  sums: z.array(DaySum),
  sessions: z.array(SessionView),
})
export type DayReport = z.infer<typeof DayReport>

/** The zone whose clock cuts the hours. */
export const DayQuery = z.strictObject({ timeZone: z.string().min(1).max(64) })
export type DayQuery = z.infer<typeof DayQuery>

/** A day as a person closed it: numbered by shop without a gap, and never changed. */
export const DayClosing = z.strictObject({
  number: SequenceId,
  currency: Currency.nullable(),
  by: PersonName,
  at: z.iso.datetime(),
  /** The closing of the same day that this one replaces, because sales were made after it. */
  previous: SequenceId.nullable(),
  report: DayReport,
})
export type DayClosing = z.infer<typeof DayClosing>
export const DayClosings = z.array(DayClosing)

export const CloseDay = z.strictObject({ by: PersonName, ...DayQuery.shape })
export type CloseDay = z.infer<typeof CloseDay>

/** A day with an open session cannot be closed. */
export const DayNotClosable = z.strictObject({
  code: z.literal('DAY_HAS_OPEN_SESSIONS'),
  sessions: z.array(SequenceId),
})
export type DayNotClosable = z.infer<typeof DayNotClosable>
