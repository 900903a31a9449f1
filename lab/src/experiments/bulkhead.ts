import { quantile, rounded, sortedOf } from '../bench/measure/statistics.ts'
import type { Stack } from '@recargas/stack/supervisor'
import { newNumber, openShop, type Shop } from '../till/shop.ts'
import { control } from '../till/carrier-control.ts'

/** Measures top-ups beside bundles with a slow carrier: one operation must not slow another. */
export type Bulkhead = {
  readonly carrierDelayMs: number
  readonly topupsAlone: number
  readonly topupsAloneP50Ms: number
  readonly topupsAloneP99Ms: number
  readonly bundlesUnderWay: number
  readonly bundlesSold: number
  readonly bundleP50Ms: number
  readonly topupsBeside: number
  readonly topupsBesideP50Ms: number
  readonly topupsBesideP99Ms: number
  readonly p50Ratio: number
}

const carrierDelayMs = 3_000
const seconds = 15
const topupTills = 4
const bundleTills = 64
/** Largest slowdown of top-ups by the bundles' own work on a shared machine. */
const p50RatioMax = 1.5

export const sellBesideSlowBundles = async (stack: Stack): Promise<Bulkhead> => {
  const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shop = await openShop(gateway, { cash: 500_000, float: 200_000 })
  const code = await anyBundle(shop)
  const sellTopup = () => shop.sell(newNumber(), 1)
  const buyBundle = () =>
    shop.cashier.post('/paquetes/compra', {
      operadora: 'Tigo',
      codigo_paquete: code,
      numero_cliente: newNumber(),
      id_caja_sesion: shop.sessionId,
    })
  await manyTimes(topupTills, 3, sellTopup)
  const alone = await manyTimes(topupTills, seconds, sellTopup)
  await control(stack.urls.sandbox, 'POST', '/_scenario', {
    scenario: 'answer-after',
    probability: 1,
    delayMs: carrierDelayMs,
    match: { endpoint: 'package_buy' },
  })
  const bundles = manyTimes(bundleTills, seconds, buyBundle)
  const beside = await manyTimes(topupTills, seconds, sellTopup)
  const bought = await bundles
  return {
    carrierDelayMs,
    topupsAlone: alone.length,
    topupsAloneP50Ms: quantile(alone, 0.5),
    topupsAloneP99Ms: quantile(alone, 0.99),
    bundlesUnderWay: bundleTills,
    bundlesSold: bought.length,
    bundleP50Ms: quantile(bought, 0.5),
    topupsBeside: beside.length,
    topupsBesideP50Ms: quantile(beside, 0.5),
    topupsBesideP99Ms: quantile(beside, 0.99),
    p50Ratio: rounded(quantile(beside, 0.5) / Math.max(1, quantile(alone, 0.5))),
  }
}

export const isGoodBulkhead = (bulkhead: Bulkhead): boolean =>
  bulkhead.bundlesSold > 0 &&
  bulkhead.bundleP50Ms >= carrierDelayMs &&
  bulkhead.p50Ratio <= p50RatioMax

const anyBundle = async (shop: Shop): Promise<string> => {
  const { body } = await shop.cashier.get('/paquetes?per_page=1')
  const [bundle] = body['paquetes'] as readonly { readonly codigo: string }[]
  if (bundle === undefined) throw new Error('the carrier offers no packages')
  return bundle.codigo
}

/** Many tills press repeatedly. @returns the duration of each sale, in ms, rising */
const manyTimes = async (
  tills: number,
  forSeconds: number,
  press: () => Promise<{ readonly status: number }>,
): Promise<readonly number[]> => {
  const endsAt = performance.now() + forSeconds * 1_000
  const took: number[] = []
  const till = async () => {
    while (performance.now() < endsAt) {
      const startedAt = performance.now()
      const { status } = await press()
      if (status === 201) took.push(Math.round(performance.now() - startedAt))
    }
  }
  await Promise.all(Array.from({ length: tills }, till))
  return sortedOf(took)
}
