import { expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import type { Operation } from '../accounting/operation.ts'
import {
  anOpenShopOperations,
  aRefusedPress,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  start,
  tigo,
} from '../testing/builders.ts'
import { rebuiltState } from '../testing/rebuilt-state.ts'
import { createSaleMetrics } from './sale-metrics.ts'

/** A shop whose appended blocks feed the metrics, without a database. */
const countedShop = () => {
  const registry = new Registry()
  const metrics = createSaleMetrics(registry)
  const shop = aShop([])
  const entries = rebuiltState()
  const write = (at: number, ...operations: readonly Operation[]): void => {
    shop.wait(at - shop.at())
    const taken = operations.flatMap(
      (operation) => entries.take(operation, shop.run(operation), at)?.read ?? [],
    )
    metrics.onAppended({ block: { at }, entries: taken })
  }
  write(start, ...anOpenShopOperations())
  return { registry, metrics, write }
}

const figure = async (registry: Registry, series: string): Promise<number> => {
  const line = (await registry.metrics()).split('\n').find((each) => each.startsWith(`${series} `))
  if (line === undefined) throw new Error(`no ${series}`)
  return Number(line.slice(series.length + 1))
}
const sales = (outcome: string, reason: string) =>
  `ledger_sales_total{operator="Tigo",outcome="${outcome}",reason="${reason}"}`
const spent = 'ledger_float_spent_minor_total{merchant="principal",operator="Tigo"}'
const within = (le: string) =>
  `ledger_sale_settled_seconds_bucket{le="${le}",operator="Tigo",outcome="committed"}`

it('a sale is counted when it is reserved and when it is committed, with the time since its request', async () => {
  const { registry, write } = countedShop()
  const sale = aTopup()
  write(start + 1_000, sale)
  expect(await figure(registry, 'ledger_sales_reserved_total{operator="Tigo"}')).toBe(1)
  expect(await figure(registry, sales('committed', 'none'))).toBe(0)
  write(start + 7_000, aVerdict(idOf(sale), 'authorized'))
  expect(await figure(registry, sales('committed', 'none'))).toBe(1)
  expect(await figure(registry, spent)).toBe(1_050)
  expect(await figure(registry, within('5'))).toBe(0)
  expect(await figure(registry, within('10'))).toBe(1)
})

it('a release is counted under its reason and spends nothing', async () => {
  const { registry, metrics, write } = countedShop()
  metrics.onFloat({ merchant: 'principal', operator: 'Tigo' })
  const sale = aTopup()
  write(start, sale)
  write(start, aVerdict(idOf(sale), 'rejected'))
  expect(await figure(registry, sales('released', 'CARRIER_REJECTED'))).toBe(1)
  expect(await figure(registry, spent)).toBe(0)
})

it('a refusal is counted under its code and is no accepted sale', async () => {
  const { registry, write } = countedShop()
  write(start, aTopup({ sessionId: 9 }))
  const refusals = (await registry.metrics())
    .split('\n')
    .filter((line) => line.includes('outcome="refused"') && line.endsWith(' 1'))
  expect(refusals).toHaveLength(1)
  expect(await figure(registry, 'ledger_sales_reserved_total{operator="Tigo"}')).toBe(0)
})

it('a refusal of a gateway is counted by the operator that the shop sells', async () => {
  const { registry, write } = countedShop()
  write(start, aRefusedPress({ operator: tigo }), aRefusedPress())
  write(start, aRefusedPress({ operation: 'InjectFloat' }))
  expect(await figure(registry, sales('refused', 'AMOUNT_ABOVE_MAXIMUM'))).toBe(1)
})

it('sales in review and sales delivered after a release are counted apart', async () => {
  const { registry, write } = countedShop()
  const [unclear, late] = [aTopup(), aTopup({ number: '70000001' })]
  write(start, unclear, late)
  write(start, aVerdict(idOf(unclear), 'unresolved'), aVerdict(idOf(late), 'not-sent'))
  write(start, aVerdict(idOf(late), 'authorized'))
  expect(await figure(registry, sales('in-review', 'none'))).toBe(1)
  expect(await figure(registry, sales('released', 'CARRIER_UNAVAILABLE'))).toBe(1)
  expect(await figure(registry, sales('corrected', 'none'))).toBe(1)
  expect(await figure(registry, sales('committed', 'none'))).toBe(0)
})

it('a second shop’s float keeps the counts of its operator', async () => {
  const { registry, metrics, write } = countedShop()
  const sale = aTopup()
  write(start, sale, aVerdict(idOf(sale), 'authorized'))
  metrics.onFloat({ merchant: 'another', operator: 'Tigo' })
  expect(await figure(registry, within('+Inf'))).toBe(1)
  expect(await figure(registry, sales('committed', 'none'))).toBe(1)
})
