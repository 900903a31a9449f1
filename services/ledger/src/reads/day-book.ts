import { DayClosing, DayReport, type MerchantId } from '@recargas/contracts'
import type { DayBook } from '../days/close-day.ts'
import { dayClosingId, type DayClosingDocument } from '../mongo/day-closing-model.ts'
import { unlessDuplicate } from '../mongo/server-errors.ts'
import type { LedgerModels } from '../mongo/models.ts'
import type { LedgerReads } from './ports.ts'

/** Closings of days: a person's act on figures of the log, so they are no part of it. */
export const createDayBook = (
  { dayClosings }: Pick<LedgerModels, 'dayClosings'>,
  { dayReport }: Pick<LedgerReads, 'dayReport'>,
): DayBook => ({
  report: dayReport,
  list: async (merchant, { limit, cursor }) => {
    const found = await dayClosings
      .find(before(merchant, cursor))
      .sort({ _id: -1 })
      .limit(limit)
      .lean()
    return found.map(dayClosing)
  },
  find: async (merchant, number) => {
    const found = await dayClosings.findOne({ _id: dayClosingId(merchant, number) }).lean()
    return found === null ? null : dayClosing(found)
  },
  lastOf: async (merchant, day) => {
    const found = await dayClosings
      .findOne({ ...before(merchant), day })
      .sort({ _id: -1 })
      .lean()
    return found === null ? null : dayClosing(found)
  },
  insert: (merchant, { number, previous, currency, report, by, at }) =>
    unlessDuplicate(
      dayClosings.create({
        _id: dayClosingId(merchant, number),
        merchant,
        number,
        day: report.day,
        previous,
        currency,
        report: JSON.stringify(report),
        by,
        at: new Date(at),
      }),
    ),
})

const before = (merchant: MerchantId, number?: number) => ({
  _id: { $gte: dayClosingId(merchant, 0), $lt: dayClosingId(merchant, number) },
})

const dayClosing = (stored: DayClosingDocument): DayClosing =>
  DayClosing.parse({
    number: stored.number,
    currency: stored.currency,
    by: stored.by,
    at: stored.at.toISOString(),
    previous: stored.previous,
    report: DayReport.parse(JSON.parse(stored.report)),
  })
