import { expect, test } from '@jest/globals'
import { noFilters, readFilters } from './filters.ts'

test('an empty form asks for all sales', () => {
  expect(readFilters(noFilters)).toEqual({})
})

test('a filled form asks for each of its fields, the number without its spaces', () => {
  const form = {
    from: '2026-11-01',
    to: '2026-11-01',
    state: 'EN_REVISION',
    operator: 'Tigo',
    session: ' 12 ',
    number: '+591 7894-5612',
  }
  expect(readFilters(form)).toEqual({
    desde: '2026-11-01',
    hasta: '2026-11-01',
    estado: 'EN_REVISION',
    operadora: 'Tigo',
    id_caja_sesion: 12,
    numero: '+59178945612',
  })
})

test('a period that ends before it begins, a session and a number that are none are told apart', () => {
  const faultOf = (changes: Partial<typeof noFilters>) => readFilters({ ...noFilters, ...changes })
  expect(faultOf({ from: '2026-11-02', to: '2026-11-01' })).toEqual({ fault: 'period' })
  expect(['0', '-1', '1.5', 'x'].map((session) => faultOf({ session }))).toEqual(
    Array(4).fill({ fault: 'session' }),
  )
  expect(['7a', '++1', '1'.repeat(21)].map((number) => faultOf({ number }))).toEqual(
    Array(3).fill({ fault: 'number' }),
  )
})
