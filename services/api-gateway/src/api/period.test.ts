import { describe, expect, it } from '@jest/globals'
import { HistoryQuery, StatementQuery } from '@recargas/contracts'
import { z } from 'zod'
import { parseQuery } from './parse.ts'
import { dayField, instantField, momentOf, periodFields, periodOf } from './period.ts'
import { Problem } from './problem.ts'

const Query = z.strictObject({
  ...periodFields,
  fecha: dayField,
  en: instantField('what was held'),
})
const period = (query: Readonly<Record<string, string>>, timeZone = 'America/La_Paz') => {
  const { from, to } = periodOf(parseQuery(Query, query), timeZone)
  return [from, to]
}
const refusal = (query: Readonly<Record<string, string>>, timeZone?: string) => {
  try {
    return period(query, timeZone)
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
}

describe('a period of the shop’s days', () => {
  it.each([
    [{ desde: '2026-11-28' }, '2026-11-28T04:00:00.000Z', undefined],
    [{ hasta: '2026-11-28' }, undefined, '2026-11-29T04:00:00.000Z'],
    [
      { desde: '2026-11-28', hasta: '2026-11-28' },
      '2026-11-28T04:00:00.000Z',
      '2026-11-29T04:00:00.000Z',
    ],
    [
      { desde: '2026-11-01', hasta: '2026-11-30' },
      '2026-11-01T04:00:00.000Z',
      '2026-12-01T04:00:00.000Z',
    ],
    [{ fecha: '2026-11-28' }, '2026-11-28T04:00:00.000Z', '2026-11-29T04:00:00.000Z'],
    [{}, undefined, undefined],
  ])('%j takes in whole days', (query, from, to) => {
    expect(period(query)).toEqual([from, to])
  })

  it('has 23 hours where the clocks go forward, and 25 where they go back', () => {
    expect(period({ fecha: '2026-09-06' }, 'America/Santiago')).toEqual([
      '2026-09-06T04:00:00.000Z',
      '2026-09-07T03:00:00.000Z',
    ])
    expect(period({ desde: '2026-04-04', hasta: '2026-04-04' }, 'America/Santiago')).toEqual([
      '2026-04-04T03:00:00.000Z',
      '2026-04-05T04:00:00.000Z',
    ])
  })

  it('may begin or end at an instant, which stays as it is', () => {
    expect(
      period({ desde: '2026-11-28T08:00:00-04:00', hasta: '2026-11-28T12:00:00.500Z' }),
    ).toEqual(['2026-11-28T12:00:00.000Z', '2026-11-28T12:00:00.500Z'])
    expect(period({ desde: '2026-11-28T20:00:00-04:00', hasta: '2026-11-28' })).toEqual([
      '2026-11-29T00:00:00.000Z',
      '2026-11-29T04:00:00.000Z',
    ])
    const noon = '2026-11-28T12:00:00Z'
    expect(period({ desde: noon, hasta: noon })).toEqual([
      '2026-11-28T12:00:00.000Z',
      '2026-11-28T12:00:00.000Z',
    ])
  })

  it.each([
    { desde: '2026-11-29', hasta: '2026-11-28' },
    { desde: '2026-11-28T12:00:00.001Z', hasta: '2026-11-28T12:00:00Z' },
    { desde: '2026-11-29T04:00:00Z', hasta: '2026-11-28' },
    { desde: '2026-11-28', hasta: '2026-11-28T03:59:59Z' },
  ])('is refused where it ends before it begins: %j', (query) => {
    expect(refusal(query)).toMatchObject({
      code: 'QUERY_INVALID',
      extra: {
        message: ['La fecha inicial no debe ser posterior a la final.'],
        detail: 'desde: no debe ser posterior a hasta',
        members: { campo: 'desde' },
      },
    })
  })

  it('of a day that the zone skipped is empty', () => {
    const skipped = '2011-12-30'
    const bounds = ['2011-12-30T10:00:00.000Z', '2011-12-30T10:00:00.000Z']
    expect(period({ desde: skipped, hasta: skipped }, 'Pacific/Apia')).toEqual(bounds)
    expect(period({ fecha: skipped }, 'Pacific/Apia')).toEqual(bounds)
  })

  it.each([{ desde: '2026-11-28' }, { hasta: '2026-11-28' }])(
    'is one day or has two ends, never both: %j',
    (query) => {
      expect(refusal({ fecha: '2026-11-28', ...query })).toMatchObject({
        code: 'QUERY_INVALID',
        extra: { members: { campo: 'fecha' } },
      })
    },
  )

  it.each([
    { hasta: '9999-12-31' },
    { fecha: '9999-12-31' },
    { desde: '9999-12-31', hasta: '9999-12-31' },
    { hasta: '9999-12-31T23:59:59-14:00' },
    { desde: '0000-01-01' },
    { desde: '0000-01-01T00:00:00+14:00' },
  ])('at the end of all years is one that the ledger can be asked for: %j', (query) => {
    const { from, to } = periodOf(parseQuery(Query, query), 'America/La_Paz')
    expect(HistoryQuery.safeParse({ from, to }).success).toBe(true)
    expect(StatementQuery.safeParse({ from, to }).success).toBe(true)
    if (from !== undefined && to !== undefined) expect(from < to).toBe(true)
  })

  it.each([
    'ayer',
    '',
    '2026-02-30',
    '2026-13-01',
    '2026-11-31',
    '2025-02-29',
    '28/11/2026',
    '2026-11-28T08:00:00',
    '2026-11-28T25:00:00Z',
    '2026-11-28T08:00:00-25:00',
    '+010000-01-01',
    '-000001-01-01',
    '10000-01-01',
    '99999-12-31',
    '0',
    '1764288000000',
  ])('is refused where %j shall be a date', (text) => {
    for (const campo of ['desde', 'hasta', 'en', 'fecha']) {
      expect(refusal({ [campo]: text })).toMatchObject({
        code: 'QUERY_INVALID',
        extra: { members: { campo } },
      })
    }
  })
})

it('a moment that is only a date is the beginning of that day', () => {
  const momentIn = (en: string, timeZone: string) => {
    const written = parseQuery(Query, { en }).en
    return written === undefined ? undefined : momentOf(written, timeZone)
  }
  expect(momentIn('2026-11-28', 'America/Bogota')).toBe('2026-11-28T05:00:00.000Z')
  expect(momentIn('2026-09-06', 'America/Santiago')).toBe('2026-09-06T04:00:00.000Z')
  expect(momentIn('2026-11-28T08:00:00-04:00', 'America/Bogota')).toBe('2026-11-28T12:00:00.000Z')
})
