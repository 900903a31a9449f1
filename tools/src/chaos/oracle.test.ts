import { describe, expect, test } from '@jest/globals'
import { fold, type Folded } from './oracle-balances.ts'
import { checks, judge } from './oracle.ts'
import type { Facts, Press, StoredEntry, StoredTopup } from './facts.ts'

const press = (given: Partial<Press> = {}): Press => ({
  at: 0,
  kind: 'answer',
  status: 201,
  code: null,
  topupId: 'a',
  state: 'AUTORIZADA',
  ...given,
})
const cut = press({ kind: 'cut', status: 0, topupId: null, state: null })
const problem = (status: number, code: string, topupId: string | null = null) =>
  press({ status, code, topupId, state: null })
const notAccepted = problem(503, 'NOT_ACCEPTED')

const topup = (given: Partial<StoredTopup> = {}): StoredTopup => ({
  id: 'a',
  phone: '70000001',
  carrierAmount: 100,
  state: 'committed',
  releaseReason: null,
  ...given,
})
const debit = { token: 'a', state: 'authorized', debits: 1, amount: 100, number: '70000001' }
const entry = (id: string, kind: string, posted = 0): StoredEntry => ({
  id,
  kind,
  topupId: 'a',
  lines:
    posted === 0
      ? []
      : [
          line('principal/float/Tigo', -posted, 1_000 - posted),
          line('principal/drawer/1', posted, posted),
        ],
})
const line = (account: string, posted: number, after: number) => ({
  account,
  posted,
  reserved: 0,
  incoming: 0,
  after: { posted: after, reserved: 0, incoming: 0 },
})

/** One sale that went as it should. */
const good: Facts = {
  sales: [{ number: '70000001', presses: [press()] }],
  topups: [topup()],
  entries: [entry('a', 'reserve')],
  accounts: [],
  transactions: [debit],
  calls: [{ token: 'a', status: 200, debited: true }],
  sent: [],
  deadLetters: [],
  crashes: [],
  samples: { taken: 1, missed: 0, problems: [] },
}
const found = (facts: Partial<Facts>) => {
  const { counts } = judge({ ...good, ...facts })
  return checks.filter((check) => counts[check] > 0)
}
const sold = (...presses: Press[]) => [{ number: '70000001', presses }]
const released = (releaseReason: string) => [topup({ state: 'released', releaseReason })]

test('finds nothing in a sale that was debited once, committed and answered 201', () => {
  const { findings, sales } = judge(good)
  expect(findings).toEqual([])
  expect(sales).toEqual({ accepted: 1, committed: 1, released: 0, inReview: 0 })
})

describe('what was accepted', () => {
  test('is lost when the ledger does not have it', () => {
    expect(found({ topups: [], transactions: [], calls: [] })).toContain('lost')
  })
  test('is lost when it was answered 201 and is not committed', () => {
    expect(found({ topups: [topup({ state: 'in-review' })] })).toEqual(['lost'])
  })
  test('may be in review after 202, and must not stay reserved', () => {
    const sales = sold(press({ status: 202, state: 'PENDIENTE' }))
    expect(found({ sales, topups: [topup({ state: 'in-review' })] })).toEqual([])
    expect(found({ sales, topups: [topup({ state: 'reserved' })] })).toEqual(['unsettled'])
  })
})

describe('the carrier', () => {
  test('must know what is committed, and the ledger what is debited', () => {
    expect(found({ transactions: [] })).toEqual(['lost'])
    expect(found({ sales: [], topups: [] })).toEqual(['lost'])
  })
  test('must not debit a token twice, in one call or in two, nor one customer by two tokens', () => {
    expect(found({ transactions: [{ ...debit, debits: 2 }] })).toContain('debitedTwice')
    const call = { token: 'a', status: 200, debited: true }
    expect(found({ calls: [call, call] })).toEqual(['debitedTwice'])
    expect(found({ transactions: [debit, { ...debit, token: 'b' }] })).toContain('debitedTwice')
  })
  test('must have debited the ledger’s amount', () => {
    expect(found({ transactions: [{ ...debit, amount: 200 }] })).toEqual(['lost'])
  })
})

describe('a release', () => {
  const rejected = [{ ...debit, state: 'rejected', debits: 0 }]
  const sales = sold(problem(422, 'CARRIER_REJECTED'))

  test('is right on the carrier’s refusal, and wrong where it was debited', () => {
    const calls = [{ token: 'a', status: 503, debited: false }]
    const topups = released('CARRIER_REJECTED')
    expect(found({ sales, topups, calls, transactions: rejected })).toEqual([])
    expect(found({ sales, topups })).toEqual(['wrongReleases'])
  })
  test('is wrong on a refusal that never left the carrier', () => {
    const calls = [{ token: 'a', status: 'left', debited: false }]
    const topups = released('CARRIER_REJECTED')
    expect(found({ sales, topups, calls, transactions: rejected })).toEqual(['wrongReleases'])
  })
  test.each(['hung', 'reset', 'left', 'open', 500, 502, 504])(
    'as not sent is wrong on a call that ended %s',
    (status) => {
      const unsent = sold(problem(503, 'CARRIER_UNAVAILABLE'))
      const topups = released('CARRIER_UNAVAILABLE')
      const calls = [{ token: 'a', status, debited: false }]
      expect(found({ sales: unsent, topups, calls, transactions: [] })).toEqual(['wrongReleases'])
      expect(found({ sales: unsent, topups, calls: [], transactions: [] })).toEqual([])
    },
  )
})

describe('answers', () => {
  test('of one key agree: first 201, then 201; never another end, never another sale', () => {
    expect(found({ sales: sold(cut, press(), press()) })).toEqual([])
    const refused = problem(422, 'CARRIER_REJECTED')
    expect(found({ sales: sold(press(), refused) })).toEqual(['wrongAnswers'])
    expect(found({ sales: sold(press(), press({ topupId: 'b' })) })).toContain('wrongAnswers')
    const pending = press({ status: 202 })
    expect(found({ sales: sold(pending, press()) })).toEqual([])
    expect(found({ sales: sold(press(), pending) })).toEqual(['wrongAnswers'])
  })
  test('may change once, by a correction that is in the journal', () => {
    const presses = sold(problem(503, 'CARRIER_UNAVAILABLE', 'a'), press())
    expect(found({ sales: presses })).toEqual(['wrongAnswers'])
    expect(
      found({ sales: presses, entries: [entry('a', 'reserve'), entry('a:correct', 'correct')] }),
    ).toEqual([])
  })
  test('that all say "not accepted" allow no sale; one that was cut off allows one', () => {
    expect(found({ sales: sold(notAccepted, notAccepted) })).toEqual(['wrongAnswers'])
    expect(found({ sales: sold(notAccepted, cut) })).toEqual([])
    const second = topup({ id: 'b' })
    const transactions = [debit, { ...debit, token: 'b' }]
    expect(found({ sales: sold(cut), topups: [topup(), second], transactions })).toContain(
      'wrongAnswers',
    )
  })
  test('nobody expects are findings', () => {
    expect(found({ sales: sold(problem(500, 'INTERNAL'), press()) })).toEqual(['wrongAnswers'])
    expect(found({ sales: sold(problem(409, 'DUPLICATE_SUSPECTED'), press()) })).toEqual([
      'wrongAnswers',
    ])
  })
})

describe('balances', () => {
  const opening: StoredEntry = {
    id: 'opening',
    kind: 'inject',
    topupId: null,
    lines: [
      line('principal/float/Tigo', 1_000, 1_000),
      line('principal/equity/opening', -1_000, -1_000),
    ],
  }
  const account = (id: string, posted: number) => ({
    id,
    kind: '',
    posted,
    reserved: 0,
    incoming: 0,
  })
  const accounts = [
    account('principal/float/Tigo', 900),
    account('principal/drawer/1', 100),
    account('principal/equity/opening', -1_000),
  ]
  const entries = [opening, entry('a', 'reserve'), entry('a:commit', 'commit', 100)]

  test('are the sums of their entries', () => {
    expect(found({ entries, accounts })).toEqual([])
    expect(found({ entries, accounts: accounts.slice(1) })).toEqual(['imbalance'])
    expect(found({ entries: entries.slice(0, 2), accounts })).toEqual(['imbalance'])
    expect(found({ entries: [], accounts: [] })).toEqual(['imbalance'])
  })
  test('of one entry cancel out, and its running balances are right', () => {
    const folded: Folded = new Map()
    expect(fold(folded, { ...opening, lines: opening.lines.slice(0, 1) })).toEqual([
      'opening: debits and credits differ by 1000',
    ])
    expect(fold(folded, opening)).toHaveLength(1)
  })
  test('of a float or a drawer are never below what is reserved', () => {
    const overdrawn = { ...line('principal/float/Tigo', 0, 0), reserved: 1 }
    const after = { ...overdrawn, after: { posted: 0, reserved: 1, incoming: 0 } }
    expect(fold(new Map(), { ...opening, lines: [after] })).toContain(
      'opening overdraws principal/float/Tigo',
    )
  })
  test('seen wrong during the run stay wrong', () => {
    expect(found({ samples: { taken: 1, missed: 0, problems: ['overdrawn'] } })).toEqual([
      'imbalance',
    ])
  })
})

describe('messages', () => {
  test('that the broker confirmed are carried out; poison is quarantined with its cause', () => {
    expect(found({ sent: [{ kind: 'command', id: 'c', isAccountedFor: true }] })).toEqual([])
    expect(found({ sent: [{ kind: 'command', id: 'c', isAccountedFor: false }] })).toEqual(['lost'])
    expect(found({ sent: [{ kind: 'poison', id: 'p', isAccountedFor: false }] })).toEqual([
      'disorder',
    ])
  })
  test('are dead-lettered for nothing as little as a process ends for nothing', () => {
    expect(found({ deadLetters: ['OPERATION_FAILED'] })).toEqual(['disorder'])
    expect(found({ crashes: ['ledger: uncaught'] })).toEqual(['disorder'])
  })
})
