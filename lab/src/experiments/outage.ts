import { setTimeout as pause } from 'node:timers/promises'
import { quantile, sortedOf } from '../bench/measure/statistics.ts'
import type { Stack } from '@recargas/stack/supervisor'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { control } from '../till/carrier-control.ts'

/** A carrier that answers every call with an error for a while, seen from the till. */
export type Outage = {
  readonly outageSeconds: number
  /** Sales refused while the breaker was open, and how long a cashier waited for the refusal. */
  readonly refused: number
  readonly refusedP50Ms: number
  readonly refusedP99Ms: number
  /** Calls the carrier saw after the breaker had opened, probes included. */
  readonly callsWhileOpen: number
  /** One probe for each reset time. */
  readonly callsWhileOpenMax: number
  /** True when only unclear sales hold float: refused ones returned it. */
  readonly reservedMatchesPending: boolean
  /** From the carrier's return to the first sale that is sold again. */
  readonly backAfterMs: number
  readonly backAfterMsMax: number
}

/** The breaker's reset time, by default. */
const resetMs = 5_000
const everyMs = 100

export const sellThroughOutage = async (stack: Stack, outageSeconds: number): Promise<Outage> => {
  const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shop = await openShop(gateway, { cash: 50_000, float: 20_000 })
  await control(stack.urls.sandbox, 'POST', '/_scenario', {
    scenario: 'error-500',
    probability: 1,
    match: { endpoint: 'any' },
  })
  const startedAt = performance.now()
  await eventually(
    () => sell(shop),
    ({ status }) => status === 503,
  )
  const openedAt = performance.now()
  const callsAtOpening = await callsOf(stack)
  const refusals: number[] = []
  while (performance.now() - startedAt < outageSeconds * 1_000) {
    const { status, ms } = await sell(shop)
    if (status === 503) refusals.push(ms)
    await pause(everyMs)
  }
  const callsWhileOpen = (await callsOf(stack)) - callsAtOpening
  const resets = Math.ceil((performance.now() - openedAt) / resetMs)
  const pending = await pendingOf(shop)
  const { reserved } = await shop.float()
  await control(stack.urls.sandbox, 'DELETE', '/_scenario')
  const returnedAt = performance.now()
  await eventually(
    () => sell(shop),
    ({ status }) => status === 201,
  )
  const waits = sortedOf(refusals)
  return {
    outageSeconds,
    refused: refusals.length,
    refusedP50Ms: quantile(waits, 0.5),
    refusedP99Ms: quantile(waits, 0.99),
    callsWhileOpen,
    callsWhileOpenMax: resets,
    reservedMatchesPending: Number(reserved) === pending,
    backAfterMs: Math.round(performance.now() - returnedAt),
    backAfterMsMax: resetMs + 1_000,
  }
}

const sell = async (shop: Shop) => {
  const startedAt = performance.now()
  const { status } = await shop.sell(newNumber(), 1, { prefer: 'wait=1' })
  return { status, ms: Math.round(performance.now() - startedAt) }
}

/** Every sale here is of 1.00, so their number is their amount. */
const pendingOf = async (shop: Shop): Promise<number> => {
  const { list } = await shop.administrator.get(
    `/recargas/historial/clientes?limit=500&id_caja_sesion=${shop.sessionId}&estado=PENDIENTE`,
  )
  return list.length
}

const callsOf = async (stack: Stack): Promise<number> => {
  const response = await control(stack.urls.sandbox, 'GET', '/_state')
  const { calls } = (await response.json()) as { readonly calls: { readonly latest: number } }
  return calls.latest
}

export const isGoodOutage = (outage: Outage): boolean =>
  outage.refused > 0 &&
  outage.refusedP99Ms < 300 &&
  outage.callsWhileOpen <= outage.callsWhileOpenMax &&
  outage.reservedMatchesPending &&
  outage.backAfterMs <= outage.backAfterMsMax
