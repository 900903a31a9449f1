import { expect, it } from '@jest/globals'
import { MerchantId, ShopDay, type DayClosing, type DayReport } from '@recargas/contracts'
import { createDays } from './close-day.ts'

const merchant = MerchantId.parse('principal')
const day = ShopDay.parse('2026-11-28')
const word = { by: 'Ana Rojas', timeZone: 'America/La_Paz' }
const empty: DayReport = { day, position: 3, sums: [], sessions: [] }
const session = (id: number, state: 'open' | 'closed') =>
  ({ id, state, currency: 'BOB' }) as DayReport['sessions'][number]

/** A shop's closings in memory; `rivals` take as many numbers between the look and the write. */
const daysWith = (reports: readonly DayReport[], rivals = 0) => {
  const stored: DayClosing[] = []
  let asked = 0
  let left = rivals
  const days = createDays(
    {
      report: () => Promise.resolve(reports[Math.min(asked++, reports.length - 1)] ?? empty),
      list: () => Promise.resolve(stored.toReversed()),
      find: (_, number) => Promise.resolve(stored.find((each) => each.number === number) ?? null),
      lastOf: (_, of) =>
        Promise.resolve(stored.findLast(({ report }) => report.day === of) ?? null),
      insert: (_, closing) => {
        const other = ShopDay.parse('2026-11-27')
        if (left > 0) {
          left -= 1
          stored.push({ ...closing, report: { ...empty, day: other } })
          return Promise.resolve(false)
        }
        stored.push(closing)
        return Promise.resolve(true)
      },
    },
    () => Date.parse('2026-11-28T23:00:00.000Z'),
  )
  return { days, stored }
}

it('closes a day under the shop’s next number, and a repeat is answered with the same closing', async () => {
  const { days, stored } = daysWith([empty, { ...empty, position: 9 }])
  expect(await days.close(merchant, day, word)).toMatchObject({
    kind: 'closed',
    isNew: true,
    closing: { number: 1, by: 'Ana Rojas', previous: null, at: '2026-11-28T23:00:00.000Z' },
  })
  expect(await days.close(merchant, day, word)).toMatchObject({
    kind: 'closed',
    isNew: false,
    closing: { number: 1, report: { position: 3 } },
  })
  expect(stored).toHaveLength(1)
})

it('a day that changed after its closing gets another one that names the first', async () => {
  const later = { ...empty, sessions: [session(4, 'closed')] }
  const { days, stored } = daysWith([empty, later])
  await days.close(merchant, day, word)
  expect(await days.close(merchant, day, word)).toMatchObject({
    closing: { number: 2, previous: 1, currency: 'BOB' },
  })
  expect(stored[0]?.report).toEqual(empty)
})

it('a day with an open session is not closed', async () => {
  const { days, stored } = daysWith([
    { ...empty, sessions: [session(3, 'closed'), session(4, 'open')] },
  ])
  expect(await days.close(merchant, day, word)).toEqual({ kind: 'open-sessions', sessions: [4] })
  expect(stored).toEqual([])
})

it('simultaneous closings never share a number, and one that always loses says so', async () => {
  const { days } = daysWith([empty], 2)
  expect(await days.close(merchant, day, word)).toMatchObject({ closing: { number: 3 } })
  expect(await daysWith([empty], 5).days.close(merchant, day, word)).toEqual({ kind: 'busy' })
})
