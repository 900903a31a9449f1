import { describe, expect, test } from '@jest/globals'
import { readDecision, standingOf, type DecisionAnswer } from './decision.ts'

const sale = { id: 7, id_transaccion: 'x' }
const form = { result: 'AUTORIZADA', evidence: ' ticket 4711 ', note: 'por teléfono' } as const

describe('a decision', () => {
  test('is sent with its evidence and its note, without the spaces around them', () => {
    expect(readDecision(form, sale)).toEqual({
      id: 'x',
      number: 7,
      body: { resultado: 'AUTORIZADA', evidencia: 'ticket 4711', nota: 'por teléfono' },
    })
  })

  test('is not sent without a result, evidence or note', () => {
    expect([
      readDecision({ ...form, result: null }, sale),
      readDecision({ ...form, evidence: '  ' }, sale),
      readDecision({ ...form, note: '' }, sale),
    ]).toEqual([{ missing: 'result' }, { missing: 'evidence' }, { missing: 'note' }])
  })

  const answer = (estado: string, decision?: { readonly definitiva: boolean } | null) =>
    standingOf({ estado, decision } as DecisionAnswer)

  test('waits for a second person, or for the sale to close', () => {
    expect(answer('EN_REVISION', { definitiva: false }).kind).toBe('awaiting-second-person')
    expect(answer('EN_REVISION', { definitiva: true }).kind).toBe('closing')
    expect(answer('EN_REVISION').kind).toBe('recorded')
  })

  test('tells how the sale was settled, also where the carrier proved otherwise', () => {
    expect(answer('RECHAZADA', { definitiva: true })).toEqual({
      kind: 'settled',
      result: 'RECHAZADA',
    })
  })
})
