import { describe, expect, test } from '@jest/globals'
import { conclude, isDue, isLate, shownOf, type Answer, type Press } from './press.ts'

const order = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const press: Press = {
  key: 'k1',
  owner: 'principal/2',
  goods: { kind: 'topup', order },
  pressedAt: 1_000,
  isConfirmed: false,
  saleId: null,
  question: null,
  askedAt: 1_000,
  isDenied: false,
}
const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const sale = { id: 7, id_transaccion: id } as Extract<Answer, { kind: 'sold' }>['sale']
const refused = (status: number, code: string, ofSale = false): Answer => ({
  kind: 'refused',
  status,
  code,
  message: 'No.',
  problem: (ofSale ? { code, id_transaccion: id } : { code }) as never,
})
const first = { isFirst: true, now: 2_000 }
const repeated = { isFirst: false, now: 2_000 }

describe('a press', () => {
  test.each<readonly [string, Answer]>([
    ['sold', { kind: 'sold', sale }],
    ['refused', refused(422, 'CARRIER_REJECTED', true)],
    ['refused', refused(200, 'CARRIER_REJECTED')],
  ])('is forgotten once it is %s, on any attempt', (kind, answer) => {
    for (const attempt of [first, repeated]) {
      const { keep, shown } = conclude(press, answer, attempt)
      expect([keep, shown.kind]).toEqual([null, kind])
    }
  })

  test('that is pending keeps the sale’s id, to look it up', () => {
    const { keep, shown } = conclude(press, { kind: 'pending', sale }, first)
    expect(keep).toMatchObject({ key: 'k1', saleId: id, askedAt: 2_000 })
    expect(shown.kind).toBe('pending')
  })

  test.each<readonly [string, Answer]>([
    ['no answer', { kind: 'unknown', key: 'k1', id: null, cause: new Error('lost') }],
    ['an answer of another version', { kind: 'unreadable' }],
  ])('with %s is kept as unknown', (_, answer) => {
    expect(conclude(press, answer, first)).toMatchObject({
      keep: { key: 'k1' },
      shown: { kind: 'unknown' },
    })
  })

  test('keeps the id it had when a later attempt gets no answer', () => {
    const answer: Answer = { kind: 'unknown', key: 'k1', id: null, cause: new Error('lost') }
    expect(conclude({ ...press, saleId: id }, answer, repeated).keep?.saleId).toBe(id)
  })

  test('that was refused before the ledger was asked ends at its first attempt only', () => {
    const answer = refused(400, 'SESSION_NOT_OPEN')
    expect(conclude(press, answer, first)).toMatchObject({ keep: null, shown: { kind: 'refused' } })
    expect(conclude(press, answer, repeated)).toMatchObject({
      keep: { key: 'k1' },
      shown: { kind: 'unknown' },
    })
  })

  test('is kept when the token is refused, and when there is none', () => {
    const denied: readonly Answer[] = [
      refused(401, 'TOKEN_INVALID'),
      { kind: 'not-sent', hasToken: false },
    ]
    for (const answer of denied) {
      expect(conclude(press, answer, first)).toMatchObject({
        keep: { key: 'k1', isDenied: true },
        shown: { kind: 'sign-in' },
      })
      // An earlier attempt may have sold it.
      expect(conclude(press, answer, repeated).keep?.isDenied).toBe(false)
    }
  })

  test('that was never taken counts as possibly sold once an attempt got lost', () => {
    const answer: Answer = { kind: 'unknown', key: 'k1', id: null, cause: new Error('lost') }
    expect(conclude({ ...press, isDenied: true }, answer, first).keep?.isDenied).toBe(false)
  })

  test('that never left this device is over, unless an earlier attempt did', () => {
    const answer: Answer = { kind: 'not-sent', hasToken: true }
    expect(conclude(press, answer, first)).toMatchObject({
      keep: null,
      shown: { kind: 'not-sent' },
    })
    expect(conclude(press, answer, repeated)).toMatchObject({ shown: { kind: 'unknown' } })
  })

  test('that resembles another sale waits for the cashier, and once confirmed asks no more', () => {
    const answer = refused(409, 'DUPLICATE_SUSPECTED', true)
    const { keep, shown } = conclude(press, answer, first)
    expect(keep).toMatchObject({ key: 'k1', question: { message: 'No.' } })
    expect(shown.kind).toBe('asking')
    const confirmed = conclude({ ...press, isConfirmed: true }, answer, first)
    expect(confirmed).toMatchObject({ keep: null, shown: { kind: 'refused' } })
  })
})

describe('a kept press', () => {
  test('is asked about each two seconds while it is new, and each half minute at last', () => {
    const at = (pressedAt: number, askedAt: number, now: number) =>
      isDue({ ...press, pressedAt, askedAt }, now)
    expect([at(0, 0, 1_999), at(0, 0, 2_000)]).toEqual([false, true])
    const hours = 8 * 3_600_000
    expect([at(0, hours - 29_999, hours), at(0, hours - 30_000, hours)]).toEqual([false, true])
  })

  test('is not silenced by a clock that was set back', () => {
    expect(isDue({ ...press, pressedAt: 9_000, askedAt: 9_000 }, 1_000)).toBe(true)
  })

  test('is not sent while the cashier is asked', () => {
    const question = { message: null, state: null }
    expect(isDue({ ...press, question }, 1_000_000)).toBe(false)
    expect(shownOf({ ...press, question }, 2_000).kind).toBe('asking')
  })

  test('is pending after a reload where the sale has an id, else unknown', () => {
    expect(shownOf({ ...press, saleId: id }, 2_000).kind).toBe('pending')
    expect(shownOf(press, 2_000).kind).toBe('unknown')
  })

  test.each([
    [121_000, false],
    [121_001, true],
    [999, true],
  ])('that was never taken waits for the cashier’s word later (at %d: %s)', (now, late) => {
    const denied = { ...press, isDenied: true }
    expect([isLate(denied, now), isLate(press, now)]).toEqual([late, false])
    expect(late && isDue(denied, now)).toBe(false)
    expect(shownOf(denied, now).kind).toBe(late ? 'late' : 'unknown')
  })
})
