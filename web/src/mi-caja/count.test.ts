import { describe, expect, test } from '@jest/globals'
import { amountOf, minorOf } from '../language/format.ts'
import { readCount, readPieces, sumOf } from './count.ts'

const notes = [200, 10, 0.2, 0.1]

describe('a count of notes', () => {
  test('adds up exactly, coins too', () => {
    const counted = readCount(notes, { 200: '1', 10: '', 0.2: '3', 0.1: '7' })
    expect(counted).toEqual([
      { valor: 200, cantidad: 1 },
      { valor: 0.2, cantidad: 3 },
      { valor: 0.1, cantidad: 7 },
    ])
    expect(amountOf(sumOf(counted ?? []))).toBe(201.3)
  })

  test('of an empty drawer is 0', () => {
    expect(readCount(notes, {})).toEqual([])
    expect(sumOf([])).toBe(0)
  })

  test.each(['-1', '1.5', '1e3', 'x', '100001', '1 0'])('%j is no number of notes', (text) => {
    expect(readPieces(text)).toBeNull()
    expect(readCount(notes, { 200: text })).toBeNull()
  })

  test('reads amounts as the API writes them, numbers and texts', () => {
    expect([minorOf('89.50'), minorOf(0.29), minorOf(-0.5)]).toEqual([8_950, 29, -50])
  })
})
