import { forSeconds, onTills } from '../runner/load.ts'
import { quantile, ratioOf, sortedOf, timed } from '../runner/statistics.ts'
import { answerBy } from '../till/carrier-control.ts'
import type { Answer } from '../till/pos.ts'
import { newNumber, openShop, type Shop } from '../till/shop.ts'
import { experiment } from '../runner/experiment.ts'

const carrierDelayMs = 3_000
const secondsUsual = 15
const topupTills = 4
const bundleTills = 64
/** Largest slowdown of top-ups by the bundles' own work on a shared machine. */
const p50RatioMax = 1.5

/** One operation must not slow another: top-ups beside bundles with a slow carrier. */
export const bulkhead = experiment({
  description: 'top-ups while the carrier takes three seconds for each bundle',
  load: async ({ gateway }, { seconds = secondsUsual }) => {
    const shop = await openShop(gateway, { cash: 500_000, float: 200_000 })
    const sellTopups = (forTime: number) =>
      tookOf(topupTills, forTime, () => shop.sell(newNumber(), 1))
    await sellTopups(3)
    return { shop, seconds, sellTopups, alone: await sellTopups(seconds) }
  },
  faults: async ({ shop, seconds, sellTopups, alone }, { urls: { sandbox } }) => {
    const code = await anyBundle(shop)
    await answerBy(sandbox, {
      scenario: 'answer-after',
      delayMs: carrierDelayMs,
      match: { endpoint: 'package_buy' },
    })
    const buyBundle = () =>
      shop.cashier.post('/paquetes/compra', {
        operadora: 'Tigo',
        codigo_paquete: code,
        numero_cliente: newNumber(),
        id_caja_sesion: shop.sessionId,
      })
    const [bundles, beside] = await Promise.all([
      tookOf(bundleTills, seconds, buyBundle),
      sellTopups(seconds),
    ])
    return { alone, beside, bundles }
  },
  judge: ({ alone, beside, bundles }) => {
    const [aloneP50Ms, besideP50Ms] = [quantile(alone, 0.5), quantile(beside, 0.5)]
    const found = {
      carrierDelayMs,
      topupsAlone: alone.length,
      topupsAloneP50Ms: aloneP50Ms,
      topupsAloneP99Ms: quantile(alone, 0.99),
      bundlesUnderWay: bundleTills,
      bundlesSold: bundles.length,
      bundleP50Ms: quantile(bundles, 0.5),
      topupsBeside: beside.length,
      topupsBesideP50Ms: besideP50Ms,
      topupsBesideP99Ms: quantile(beside, 0.99),
      p50Ratio: ratioOf(besideP50Ms, aloneP50Ms),
    }
    return {
      runs: { bulkhead: found },
      bounds: {
        'bundles are sold': found.bundlesSold > 0,
        'bundles are slow': found.bundleP50Ms >= carrierDelayMs,
        'top-ups stay fast': found.p50Ratio <= p50RatioMax,
      },
    }
  },
})

const anyBundle = async (shop: Shop): Promise<string> => {
  const { body } = await shop.cashier.get('/paquetes?per_page=1')
  const [bundle] = body['paquetes'] as readonly { readonly codigo: string }[]
  if (bundle === undefined) throw new Error('the carrier offers no packages')
  return bundle.codigo
}

/** @returns the duration of each sale, in ms, rising */
const tookOf = async (tills: number, seconds: number, press: () => Promise<Answer>) => {
  const took: number[] = []
  await onTills(tills, forSeconds(seconds), async () => {
    const { result, ms } = await timed(press)
    if (result.status === 201) took.push(Math.round(ms))
  })
  return sortedOf(took)
}
