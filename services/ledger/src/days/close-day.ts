import type {
  CloseDay,
  DayClosing,
  DayReport,
  MerchantId,
  PageQuery,
  ShopDay,
} from '@recargas/contracts'

export type DayBook = {
  readonly report: (merchant: MerchantId, day: ShopDay, timeZone: string) => Promise<DayReport>
  /** The newest first; `cursor` is the number of the last one before the page. */
  readonly list: (merchant: MerchantId, page: PageQuery) => Promise<readonly DayClosing[]>
  readonly find: (merchant: MerchantId, number: number) => Promise<DayClosing | null>
  readonly lastOf: (merchant: MerchantId, day: ShopDay) => Promise<DayClosing | null>
  /** Only ever inserted. @returns false when the number is taken */
  readonly insert: (merchant: MerchantId, closing: DayClosing) => Promise<boolean>
}

export type ClosedDay =
  /** `isNew` is false for a repeat: nothing has changed since that closing. */
  | { readonly kind: 'closed'; readonly closing: DayClosing; readonly isNew: boolean }
  | { readonly kind: 'open-sessions'; readonly sessions: readonly number[] }
  /** Other closings took the number each time. */
  | { readonly kind: 'busy' }

export type Days = Pick<DayBook, 'list' | 'find'> & {
  /** Safe to repeat: a day without changes keeps its closing. */
  readonly close: (merchant: MerchantId, day: ShopDay, word: CloseDay) => Promise<ClosedDay>
}

const attemptsMax = 5

/**
 * Closes a day of a shop: its report as it stands, under the shop's next number. A day with an open session is not closed; one
 * that changed after its closing, by a later session or the outcome of a pending sale, gets another one that names the first.
 */
export const createDays = (book: DayBook, now: () => number): Days => ({
  list: book.list,
  find: book.find,
  close: async (merchant, day, { by, timeZone }) => {
    const report = await book.report(merchant, day, timeZone)
    const open = report.sessions.filter(({ state }) => state === 'open')
    if (open.length > 0) return { kind: 'open-sessions', sessions: open.map(({ id }) => id) }
    for (let attempt = 0; attempt < attemptsMax; attempt += 1) {
      const previous = await book.lastOf(merchant, day)
      if (previous !== null && isSame(previous.report, report)) {
        return { kind: 'closed', closing: previous, isNew: false }
      }
      const [last] = await book.list(merchant, { limit: 1 })
      const closing: DayClosing = {
        number: (last?.number ?? 0) + 1,
        currency: report.sessions[0]?.currency ?? null,
        by,
        at: new Date(now()).toISOString(),
        previous: previous?.number ?? null,
        report,
      }
      if (await book.insert(merchant, closing)) return { kind: 'closed', closing, isNew: true }
    }
    return { kind: 'busy' }
  },
})

/** The position moves with every shop of the partition, so it says nothing of the day. */
const isSame = (one: DayReport, other: DayReport): boolean =>
  JSON.stringify([one.sums, one.sessions]) === JSON.stringify([other.sums, other.sessions])
