import { setTimeout as pause } from 'node:timers/promises'
import { quantile, sortedOf, timed } from '../runner/statistics.ts'
import { answerBy, answerWell, countCalls } from '../till/carrier-control.ts'
import { openShop, sellHastily, sellUntil, type Shop } from '../till/shop.ts'
import { experiment } from '../runner/experiment.ts'

const outageSecondsUsual = 60
/** The breaker's reset time, by default. */
const resetMs = 5_000
const everyMs = 100
const refusedMsMax = 300

export const outage = experiment({
  description: 'sales while the carrier answers nothing but errors for a minute',
  load: ({ gateway }) => openShop(gateway, { cash: 50_000, float: 20_000 }),
  faults: async (shop, { urls: { sandbox } }, { seconds: outageSeconds = outageSecondsUsual }) => {
    await answerBy(sandbox, { scenario: 'error-500', match: { endpoint: 'any' } })
    const startedAt = performance.now()
    await sellUntil(shop, 503)
    const openedAt = performance.now()
    const callsAtOpening = await countCalls(sandbox)
    const refusals: number[] = []
    while (performance.now() - startedAt < outageSeconds * 1_000) {
      const { result, ms } = await timed(() => sellHastily(shop))
      if (result.status === 503) refusals.push(Math.round(ms))
      await pause(everyMs)
    }
    const callsWhileOpen = (await countCalls(sandbox)) - callsAtOpening
    const resets = Math.ceil((performance.now() - openedAt) / resetMs)
    const pending = await pendingOf(shop)
    const { reserved } = await shop.float()
    await answerWell(sandbox)
    const { ms: backAfterMs } = await timed(() => sellUntil(shop, 201))
    const waits = sortedOf(refusals)
    return {
      outageSeconds,
      /** Sales refused while the breaker was open, and how long a cashier waited for the refusal. */
      refused: refusals.length,
      refusedP50Ms: quantile(waits, 0.5),
      refusedP99Ms: quantile(waits, 0.99),
      /** Calls the carrier saw after the breaker had opened, probes included: one for each reset time. */
      callsWhileOpen,
      callsWhileOpenMax: resets,
      /** True when only unclear sales hold float: refused ones returned it. */
      reservedMatchesPending: Number(reserved) === pending,
      /** From the carrier's return to the first sale that is sold again. */
      backAfterMs: Math.round(backAfterMs),
      backAfterMsMax: resetMs + 1_000,
    }
  },
  judge: (found) => ({
    runs: { outage: found },
    bounds: {
      'some sales are refused': found.refused > 0,
      'a refusal is quick': found.refusedP99Ms < refusedMsMax,
      'the carrier gets at most one call for each reset':
        found.callsWhileOpen <= found.callsWhileOpenMax,
      'only unclear sales hold float': found.reservedMatchesPending,
      'sales succeed again in time': found.backAfterMs <= found.backAfterMsMax,
    },
  }),
})

/** Every sale here is of 1.00, so their number is their amount. */
const pendingOf = async ({ administrator, sessionId }: Shop): Promise<number> => {
  const filter = `limit=500&id_caja_sesion=${sessionId}&estado=PENDIENTE`
  return (await administrator.get(`/recargas/historial/clientes?${filter}`)).list.length
}
