import { expect, test } from '@jest/globals'
import { money } from '@recargas/contracts'
import {
  aClosing,
  aHandOver,
  administrator,
  aCorrection,
  aDecision,
  aMovement,
  aRecharge,
  anInjection,
  anOpenShopOperations,
  aRefusedPress,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  start,
} from '../testing/builders.ts'
import { rebuiltState, valuesOf } from '../testing/rebuilt-state.ts'
import { parseEntry } from './entry.ts'

test('entries are read as they were written, and alone rebuild the state', () => {
  const sale = aTopup()
  const unclear = aTopup({ number: '70000002', amount: money(2_000) })
  const operations = [
    ...anOpenShopOperations(),
    sale,
    aVerdict(idOf(sale), 'authorized'),
    unclear,
    aVerdict(idOf(unclear), 'pending', { nextAt: new Date(start + 60_000).toISOString() }),
    aVerdict(idOf(unclear), 'unresolved'),
    aDecision(idOf(unclear), 'authorized'),
    anInjection({ amount: money(700) }),
    aMovement(),
    aRecharge(),
    aTopup({ number: '70000003', amount: money(99_999_999) }),
    aRefusedPress(),
    aHandOver({ acceptPending: true }),
    aClosing({
      sessionId: 2,
      actor: administrator,
      countedNotes: [{ value: money(500), count: 100 }],
    }),
    aCorrection({ sessionId: 2, counted: money(40_000) }),
  ]
  const shop = aShop([])
  const rebuilt = rebuiltState()
  const kinds = new Set<string>()
  for (const operation of operations) {
    shop.wait(1_000)
    const entry = rebuilt.take(operation, shop.run(operation), shop.at())
    if (entry === null) throw new Error(`${operation.type} changed nothing`)
    expect(entry.text).not.toContain('\n')
    expect(entry.read).toEqual(entry.written)
    kinds.add(entry.read.kind)
  }
  expect([...kinds].sort()).toEqual([
    'close-session',
    'commit',
    'correct-count',
    'create-caja',
    'decide',
    'hand-over-session',
    'inject',
    'move-drawer',
    'open-session',
    'progress',
    'record-recharge',
    'refuse',
    'reserve',
    'review',
  ])
  expect(valuesOf(rebuilt.state)).toEqual(valuesOf(shop.state))
})

test('a repeated verdict that changes nothing leaves no entry', () => {
  const sale = aTopup()
  const shop = aShop([...anOpenShopOperations(), sale, aVerdict(idOf(sale), 'authorized')])
  const again = aVerdict(idOf(sale), 'authorized')
  expect(rebuiltState().take(again, shop.run(again), shop.at())).toBeNull()
})

test('an entry is refused whose account no entry has opened', () => {
  const shop = aShop([])
  const rebuilt = rebuiltState()
  const texts = anOpenShopOperations().map((operation) => {
    shop.wait(1_000)
    return rebuilt.take(operation, shop.run(operation), shop.at())?.text ?? ''
  })
  expect(() => parseEntry(texts[2] ?? '', () => undefined, shop.at())).toThrow(
    'no entry has opened it',
  )
})

test('a value of another shape than its version is refused', () => {
  const shop = aShop([])
  const rebuilt = rebuiltState()
  const [caja] = anOpenShopOperations()
  if (caja === undefined) throw new Error('no operation')
  const text = rebuilt.take(caja, shop.run(caja), shop.at())?.text ?? ''
  const shorter = text.replace(/"cajas":\[\[[^,]+,/, '"cajas":[[')
  expect(shorter).not.toBe(text)
  expect(() => parseEntry(shorter, () => undefined, shop.at())).toThrow(
    '11 values where version 1 has 12',
  )
})
