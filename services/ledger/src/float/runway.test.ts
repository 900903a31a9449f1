import { describe, expect, it } from '@jest/globals'
import { isLow, lowFloatLimits, runwayMinutesOf, spentOf } from './runway.ts'

const float = { merchant: 'principal', operator: 'Tigo' }
const limits = lowFloatLimits(120, '500')

describe('the runway of a float', () => {
  it('is the available amount by the spending of a minute, rounded down', () => {
    expect(runwayMinutesOf({ available: 10_000, spentLastHour: 6_000 })).toBe(100)
    expect(runwayMinutesOf({ available: 99, spentLastHour: 6_000 })).toBe(0)
  })

  it('is unknown where nothing was spent, and never negative', () => {
    expect(runwayMinutesOf({ available: 10_000, spentLastHour: 0 })).toBeNull()
    expect(runwayMinutesOf({ available: -5, spentLastHour: 60 })).toBe(0)
  })
})

describe('the spending', () => {
  it('does not take an injection for a gain, nor a sale given back for a pace', () => {
    expect(spentOf({ before: 1_000, injected: 5_000, now: 5_400 })).toBe(600)
    expect(spentOf({ before: 1_000, injected: 0, now: 1_200 })).toBe(0)
  })
})

describe('a float is low', () => {
  it.each([
    ['with less runway than the limit', { available: 11_999, spentLastHour: 6_000 }, true],
    ['not with just enough', { available: 12_000, spentLastHour: 6_000 }, false],
    ['with less than the amount, whatever its pace', { available: 499, spentLastHour: 0 }, true],
    ['not while it rests with enough', { available: 500, spentLastHour: 0 }, false],
  ])('%s', (_, pace, expected) => {
    expect(isLow({ ...float, ...pace }, limits)).toBe(expected)
  })

  it('by its own amount where one is set for it', () => {
    const own = lowFloatLimits(0, '500,principal/Tigo=20000,bogota/Claro=0')
    const at = (available: number, of: object = {}) =>
      isLow({ ...float, ...of, available, spentLastHour: 0 }, own)
    expect([at(19_999), at(20_000)]).toEqual([true, false])
    expect([at(499, { operator: 'Entel' }), at(500, { operator: 'Entel' })]).toEqual([true, false])
    expect(at(0, { merchant: 'bogota', operator: 'Claro' })).toBe(false)
  })

  it('never where neither limit counts', () => {
    const off = lowFloatLimits(0, '0')
    expect(isLow({ ...float, available: 0, spentLastHour: 9_000 }, off)).toBe(false)
  })
})
