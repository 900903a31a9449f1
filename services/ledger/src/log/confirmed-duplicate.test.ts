import { expect, test } from '@jest/globals'
import type { Operation } from '../accounting/operation.ts'
import {
  anOpenShopOperations,
  aRefusedPress,
  aTopup,
  aVerdict,
  idOf,
  policy,
  start,
} from '../testing/builders.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { simulatedLog, type LogOwner } from '../testing/simulated-log.ts'

/** A partition on a simulated log, with the shop open and one sale of 10.50 to 78945612. */
const aSoldShop = () => {
  const ledger = simulatedLog({ policy, acceptWindowMs: 10_000, clockSkewMs: 2_000 })
  let at = start
  let owner: LogOwner = ledger.takeOver(at)
  const write = (...operations: readonly Operation[]) =>
    ledger.write(
      owner,
      operations.map((each) => inboundFor(each)),
      at,
      'whole',
    )
  /** The gateways' answers to these operations, in one block that is not appended. */
  const hear = (...operations: readonly Operation[]): readonly string[] => {
    const inbounds = operations.map((each) => inboundFor(each))
    return ledger.build(owner, inbounds, at).notifications.map(({ body }) => {
      const { type, data } = JSON.parse(body) as {
        readonly type: string
        readonly data: { readonly refusal?: { readonly code: string } }
      }
      return data.refusal?.code ?? type
    })
  }
  const first = aTopup()
  write(...anOpenShopOperations(), first)
  write(aVerdict(idOf(first), 'authorized'))
  return {
    ledger,
    write,
    hear,
    takeOver: () => (owner = ledger.takeOver(at)),
    wait: (ms: number) => (at += ms),
    entriesOf: (operation: Operation) =>
      ledger
        .journal()
        .filter(({ entry }) => entry.id.startsWith(idOf(operation)))
        .map(outcomeOf),
  }
}
const outcomeOf = ({ outcome }: { readonly outcome: string }) => {
  const { kind, code } = JSON.parse(outcome) as { readonly kind: string; readonly code?: string }
  return code ?? kind
}

const aPress = () => {
  const press = aTopup({ keyed: true })
  const confirmed = { ...press, data: { ...press.data, confirmDuplicate: true } } as Operation
  return { press, confirmed }
}

test('a suspected press is followed once by its confirmed sale, under the same id', () => {
  const { ledger, write, entriesOf } = aSoldShop()
  const { press, confirmed } = aPress()
  write(press)
  expect(entriesOf(press)).toEqual(['DUPLICATE_SUSPECTED'])
  write(confirmed)
  write(confirmed)
  expect(entriesOf(press)).toEqual(['DUPLICATE_SUSPECTED', 'topup'])
  expect(ledger.everything.topups.get(idOf(press))).toMatchObject({
    state: 'reserved',
    confirmDuplicate: true,
  })
})

test('without its confirmation a suspected press stays suspected, after the guard’s time too', () => {
  const { write, hear, wait, entriesOf } = aSoldShop()
  const { press } = aPress()
  write(press)
  wait(9_000)
  write(press)
  expect(entriesOf(press)).toEqual(['DUPLICATE_SUSPECTED'])
  wait(policy.duplicateWindowMs)
  expect(hear(press)).toEqual(['DUPLICATE_SUSPECTED'])
})

test.each(['with', 'without'] as const)(
  'the key answers that sale from then on, %s the confirmation, whoever owns the partition',
  (header) => {
    const { write, hear, takeOver, entriesOf } = aSoldShop()
    const { press, confirmed } = aPress()
    const again = header === 'with' ? confirmed : press
    write(press, confirmed)
    expect(hear(again)).toEqual([])
    takeOver()
    write(aVerdict(idOf(press), 'authorized'))
    expect(hear(again)).toEqual(['TopupSettled.v1'])
    takeOver()
    expect(hear(again)).toEqual(['TopupSettled.v1'])
    expect(entriesOf(press)).toEqual(['DUPLICATE_SUSPECTED', 'topup', 'topup'])
  },
)

test('a confirmed press that came first sells, and the unconfirmed one of its key is its repeat', () => {
  const { write, hear, wait, entriesOf } = aSoldShop()
  const { press, confirmed } = aPress()
  write(confirmed)
  write(aVerdict(idOf(press), 'authorized'))
  wait(policy.duplicateWindowMs + 1)
  expect(hear(press)).toEqual(['TopupSettled.v1'])
  expect(entriesOf(press)).toEqual(['topup', 'topup'])
})

test('another body under a suspected key is refused, confirmed or not', () => {
  const { ledger, write, entriesOf } = aSoldShop()
  const { press, confirmed } = aPress()
  write(press)
  const other = { ...confirmed, data: { ...confirmed.data, fingerprint: 'B'.repeat(43) } }
  write(other as Operation)
  expect(entriesOf(press)).toEqual(['DUPLICATE_SUSPECTED'])
  expect(ledger.everything.topups.has(idOf(press))).toBe(false)
})

test('any other refusal is final for its key, whatever is confirmed', () => {
  const { write, hear, entriesOf } = aSoldShop()
  const [{ press, confirmed }] = [aPress()]
  write({ ...press, data: { ...press.data, sessionId: 9 } } as Operation)
  write(confirmed)
  expect(entriesOf(press)).toEqual(['SESSION_NOT_OPEN'])
  expect(hear(confirmed)).toEqual(['SESSION_NOT_OPEN'])
})

test('a gateway’s refusal ends a suspected key only where the press was confirmed', () => {
  const { write, hear, entriesOf } = aSoldShop()
  const { press, confirmed } = aPress()
  const operationId = idOf(press)
  write(press)
  expect(hear(aRefusedPress({ operationId }))).toEqual(['DUPLICATE_SUSPECTED'])
  write(aRefusedPress({ operationId, confirmDuplicate: true }))
  expect(entriesOf(press)).toEqual(['DUPLICATE_SUSPECTED', 'AMOUNT_ABOVE_MAXIMUM'])
  write(confirmed)
  expect(hear(press, confirmed)).toEqual(['AMOUNT_ABOVE_MAXIMUM', 'AMOUNT_ABOVE_MAXIMUM'])
  expect(entriesOf(press)).toHaveLength(2)
})

test('a gateway’s refusal of an unknown key is final, and a sold one keeps its sale', () => {
  const { ledger, write, hear, entriesOf } = aSoldShop()
  const [early, late] = [aPress(), aPress()]
  write(aRefusedPress({ operationId: idOf(early.press) }))
  write(early.press, early.confirmed)
  expect(entriesOf(early.press)).toEqual(['AMOUNT_ABOVE_MAXIMUM'])
  expect(ledger.everything.topups.has(idOf(early.press))).toBe(false)

  write(late.confirmed)
  write(aVerdict(idOf(late.press), 'authorized'))
  expect(hear(aRefusedPress({ operationId: idOf(late.press) }))).toEqual(['TopupSettled.v1'])
})

test('a refusal keeps the currency of its request, not the shop’s present one', () => {
  const { ledger, write } = aSoldShop()
  const { press } = aPress()
  write({ ...press, data: { ...press.data, number: '70000009', amount: 9_999_999 } } as Operation)
  const known = [...ledger.journal()].reverse().find(({ entry }) => entry.id === idOf(press))
  expect(JSON.parse(known?.outcome ?? '')).toMatchObject({
    code: 'INSUFFICIENT_FLOAT',
    currency: 'BOB',
  })
})
