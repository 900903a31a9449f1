import { describe, expect, test } from '@jest/globals'
import { ageOf, reasonsOf, seenGroup, sizeOf } from './state.ts'

const group = {
  causa: 'HANDLER_FAILED' as const,
  tipo_mensaje: 'RequestTopup.v1',
  cola: 'ledger.3.v1',
  cantidad: 250,
  mas_antiguo: '2026-11-29T12:00:00.000Z',
  mas_nuevo: '2026-11-29T12:01:00.000Z',
}

describe('a group in quarantine', () => {
  test('is decided on as it was seen: its size, and nothing that came later', () => {
    expect(seenGroup(group, { en: '2026-11-29T12:02:00.000Z' })).toEqual({
      causa: 'HANDLER_FAILED',
      tipo_mensaje: 'RequestTopup.v1',
      cola: 'ledger.3.v1',
      cantidad: 250,
      hasta: '2026-11-29T12:02:00.000Z',
    })
  })

  test('is settled by a hundred at most', () => {
    expect([sizeOf(group), sizeOf({ cantidad: 3 })]).toEqual([100, 3])
  })
})

test.each([
  [-3, 0, 's'],
  [119, 119, 's'],
  [120, 2, 'min'],
  [7_200, 2, 'h'],
  [172_800, 2, 'd'],
] as const)('%s seconds are %s %s', (seconds, count, unit) => {
  expect(ageOf(seconds)).toEqual({ count, unit })
})

test('a service names the reason of each part that is not ready, or ready with one', () => {
  const ready = { nombre: 'broker', lista: true, motivo: null }
  const service = {
    nombre: 'gateway' as const,
    bien: false,
    version: null,
    instancias: 1,
    instancias_listas: 0,
    motivo: null,
    partes: [ready, { nombre: 'catalogue', lista: true, motivo: 'not taken' }],
  }
  expect(reasonsOf(service)).toEqual(['catalogue: not taken'])
  expect(reasonsOf({ ...service, partes: [ready], motivo: 'refused' })).toEqual(['refused'])
  expect(reasonsOf({ ...service, partes: [ready] })).toEqual([])
})
