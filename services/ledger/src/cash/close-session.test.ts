import { describe, expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import { sessionKey } from '../accounting/ledger-view.ts'
import {
  aClosing,
  administrator,
  aHandOver,
  anOpening,
  anOpenShop,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  refusalOf,
} from '../testing/builders.ts'

const shop = { timeZone: 'America/La_Paz', openingCount: 'record' as const, reasonFrom: money(500) }
const sessionOf = (books: ReturnType<typeof anOpenShop>, id: number) =>
  books.state.sessions.get(sessionKey(merchant, id))

describe('a closing count', () => {
  /** 400.00 lie in the drawer. */
  const off = (difference: number) => ({ shop, counted: money(40_000 + difference) })

  test.each([500, -500])('that differs by the shop’s limit (%s) needs a reason', (difference) => {
    const books = anOpenShop()
    const refused = books.run(aClosing(off(difference)))
    expect(refusalOf(refused)).toBe('COUNT_NEEDS_REASON')
    expect(JSON.stringify(refused.outcome)).not.toMatch(/40500|39500|40000/)
    expect(sessionOf(books, 1)?.state).toBe('open')
    const closed = books.run(aClosing({ ...off(difference), differenceReason: 'wrong change' }))
    expect(closed.outcome).toMatchObject({
      result: { session: { difference, differenceReason: 'wrong change' } },
    })
  })

  test('that differs by less needs none, and neither does one in a shop without a limit', () => {
    expect(anOpenShop().run(aClosing(off(499))).outcome.kind).toBe('applied')
    expect(anOpenShop().run(aClosing({ counted: money(1) })).outcome.kind).toBe('applied')
  })

  test('keeps the notes and coins that were counted', () => {
    const books = anOpenShop()
    const countedNotes = [
      { value: money(20_000), count: 1 },
      { value: money(5_000), count: 4 },
    ]
    books.run(aClosing({ counted: money(40_000), countedNotes }))
    expect(sessionOf(books, 1)).toMatchObject({ counted: 40_000, countedNotes })
  })
})

describe('handing a caja over', () => {
  test('closes the shift and opens the next cashier’s with the same count', () => {
    const books = anOpenShop()
    const applied = books.run(aHandOver({ counted: money(39_000) }))
    expect(applied.entry).toMatchObject({ kind: 'hand-over-session', sessionId: 1 })
    expect(applied.outcome).toMatchObject({
      result: {
        closed: { id: 1, state: 'closed', counted: 39_000, difference: -1_000 },
        opened: { id: 2, state: 'open', userId: '3', opening: 39_000, openingDifference: 0 },
      },
    })
    expect(books.account('over-short').posted).toBe(1_000)
    expect(refusalOf(books.run(anOpening()))).toBe('CAJA_HAS_OPEN_SESSION')
    expect(refusalOf(books.run(aTopup({ sessionId: 1 })))).toBe('SESSION_NOT_OPEN')
  })

  test('leaves the cash of a pending sale to the next shift’s drawer', () => {
    const books = anOpenShop()
    const sale = aTopup({ amount: money(1_000), carrierAmount: 1_000 })
    books.run(sale)
    expect(refusalOf(books.run(aHandOver({ counted: money(41_000) })))).toBe('SESSION_HAS_PENDING')
    books.run(aHandOver({ counted: money(41_000), acceptPending: true }))
    expect(sessionOf(books, 2)).toMatchObject({ opening: 40_000, pendingEarlier: 1_000 })
    books.run(aVerdict(idOf(sale), 'authorized'))
    const last = { sessionId: 2, counted: money(41_000), actor: administrator }
    expect(books.run(aClosing(last)).outcome).toMatchObject({
      result: { session: { difference: 0 } },
    })
  })

  test('is refused whole where the next cashier has a session already, the closing one included', () => {
    const books = anOpenShop()
    expect(refusalOf(books.run(aHandOver({ nextUserId: '2' })))).toBe('USER_HAS_OPEN_SESSION')
    expect(sessionOf(books, 1)?.state).toBe('open')
    expect(sessionOf(books, 2)).toBeUndefined()
  })

  test('is refused to somebody else’s cashier', () => {
    const other = { userId: '9', username: 'leo', role: 'Operador' as const }
    expect(refusalOf(anOpenShop().run(aHandOver({ actor: other })))).toBe('SESSION_OF_ANOTHER')
  })
})
