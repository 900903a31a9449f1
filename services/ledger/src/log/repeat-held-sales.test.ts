import { expect, test } from '@jest/globals'
import type { Topup } from '../accounting/entities.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import {
  aDecision,
  anOpenShopOperations,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  start,
} from '../testing/builders.ts'
import { createHeldSalesRepeater, type HeldSalesQuery } from './repeat-held-sales.ts'

const limits = { backoffMsMin: 5_000, backoffMsMax: 60_000, perRoundMax: 3 }

const heldSale = (number: string): Topup => {
  const shop = aShop(anOpenShopOperations())
  const sale = aTopup({ number })
  shop.run(sale)
  const held = shop.state.topups.get(idOf(sale))
  if (held === undefined) throw new Error('the sale is held')
  return held
}

/** A repeater over a list of held sales, as the projection would give them. */
const aRepeater = (sales: Topup[]) => {
  let time = start
  let takeover = 'first'
  const sent: OutgoingMessage[] = []
  const refused = new Set<string>()
  const repeat = createHeldSalesRepeater(
    {
      owned: () => new Map([[3, takeover]]),
      heldWithoutProgress: ({ before, after, limit }: HeldSalesQuery) => {
        const from = after === null ? 0 : sales.findIndex(({ id }) => id === after.id) + 1
        const found = sales.slice(from).filter(({ progressAt }) => progressAt < before)
        return Promise.resolve(found.slice(0, limit))
      },
      send: (message) => {
        const isRefused = [...refused].some((id) => message.id.startsWith(id))
        if (!isRefused) sent.push(message)
        return Promise.resolve(!isRefused)
      },
      now: () => time,
    },
    limits,
  )
  return {
    sent,
    refused,
    repeatAt: (seconds: number) => {
      time = start + seconds * 1_000
      return repeat()
    },
    takeOver: () => (takeover = 'second'),
  }
}

test('the owner repeats a held sale at once after its takeover, then ever more seldom', async () => {
  const { repeatAt } = aRepeater([heldSale('70000001')])
  const at: number[] = []
  for (let second = 1; second <= 160; second += 1) {
    if ((await repeatAt(second)) === 1) at.push(second)
  }
  expect(at).toEqual([1, 6, 16, 36, 76, 136])
})

test('a later owner begins again, so that a broker that lost the job gets it', async () => {
  const { repeatAt, takeOver, sent } = aRepeater([heldSale('70000001')])
  await repeatAt(10)
  takeOver()
  await repeatAt(20)
  expect(sent.map(({ type }) => type)).toEqual(['FundsReserved.v1', 'FundsReserved.v1'])
})

test('a sale that the broker does not take holds up none of the others, and is tried again', async () => {
  const sales = ['70000001', '70000002'].map(heldSale)
  const { repeatAt, refused, sent } = aRepeater(sales)
  const [first] = sales
  refused.add(first?.id ?? '')
  expect(await repeatAt(10)).toBe(1)
  refused.clear()
  expect(await repeatAt(11)).toBe(1)
  expect(sent).toHaveLength(2)
})

test('more held sales than one round takes are all repeated', async () => {
  const sales = Array.from({ length: 10 }, (_, index) => heldSale(`7000001${index}`))
  const { repeatAt, sent } = aRepeater(sales)
  for (let second = 1; second <= 4; second += 1) await repeatAt(second)
  expect(new Set(sent.map(({ id }) => id)).size).toBe(10)
})

test('a sale that a person has decided is closed, not sold', async () => {
  const shop = aShop(anOpenShopOperations())
  const sale = aTopup()
  shop.run(sale)
  shop.run(aVerdict(idOf(sale), 'unresolved'))
  shop.run(aDecision(idOf(sale), 'rejected'))
  const decided = shop.state.topups.get(idOf(sale))
  const { repeatAt, sent } = aRepeater(decided === undefined ? [] : [decided])
  await repeatAt(10)
  expect(sent.map(({ type }) => type)).toEqual(['CloseTopup.v1'])
})
