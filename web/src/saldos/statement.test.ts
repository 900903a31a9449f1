import { expect, test } from '@jest/globals'
import { balanceOf, daysBefore, periodOf, withPage, type StatementPage } from './statement.ts'

const entry = (fecha: string, saldo: string) =>
  ({ fecha, saldo }) as StatementPage['movimientos'][0]
const page = (
  saldo_inicial: string | null,
  movimientos: StatementPage['movimientos'],
  cursor_siguiente: string | null = null,
): StatementPage => ({ moneda: 'BOB', saldo_inicial, movimientos, cursor_siguiente })
const asked = { operator: 'Tigo', period: { from: '2026-11-01', to: '2026-11-30' } }

test('a statement grows by pages and keeps the balance that it began with', () => {
  const first = withPage(null, asked, page('5.00', [entry('a', '15.00')], 'c'))
  const whole = withPage(first, asked, page('15.00', [entry('b', '9.50')]))
  expect(whole).toMatchObject({ operator: 'Tigo', opening: '5.00', currency: 'BOB', next: null })
  expect(whole.entries.map(({ fecha }) => fecha)).toEqual(['a', 'b'])
})

test('the plot begins with the balance before the first entry', () => {
  const read = withPage(null, asked, page('5.00', [entry('2026-11-28T10:00:00.000Z', '15.00')]))
  const at = Date.parse('2026-11-28T10:00:00.000Z') / 1_000
  expect(balanceOf(read)).toEqual({ xs: [at, at], ys: [5, 15] })
  expect(balanceOf(withPage(null, asked, page(null, [])))).toEqual({ xs: [], ys: [] })
})

test('a week before a date may lie in another month', () => {
  expect([daysBefore('2026-12-03', 6), daysBefore('2024-03-01', 1)]).toEqual([
    '2026-11-27',
    '2024-02-29',
  ])
})

test('a period is the last week unless a person chose other days, and unknown before today is known', () => {
  expect(periodOf({}, '2026-12-03')).toEqual({ from: '2026-11-27', to: '2026-12-03' })
  expect(periodOf({ from: '2026-10-01' }, '2026-12-03')).toEqual({
    from: '2026-10-01',
    to: '2026-12-03',
  })
  expect([periodOf({}, null), periodOf({ to: '2026-12-03' }, null)]).toEqual([null, null])
})

test('two chosen days need no today, and an emptied one is no limit', () => {
  const chosen = { from: '', to: '2026-12-03' }
  expect([periodOf(chosen, null), periodOf(chosen, '2026-12-04')]).toEqual([chosen, chosen])
})
