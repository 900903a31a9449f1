import { randomUUID } from 'node:crypto'
import { CarrierVerdictMessage, type FundsReserved } from '@recargas/contracts'
import type { Verdict } from '@recargas/messaging'
import type { Collections } from '../mongo/documents.ts'
import { createSaleStore } from '../mongo/sale-store.ts'
import type { DeliveryReport } from '../domain/delivery-report.ts'
import { createAttempts, type DeliveryStep, type Deps } from '../sales/attempts.ts'
import { createCloseSale } from '../sales/close-sale.ts'
import { createDeliverSale } from '../sales/deliver-sale.ts'
import { createRepeats } from '../sales/repeat-sale.ts'
import type { CarrierCall, CircuitChange } from '../domain/carrier-calls.ts'
import { createTpaga, type TpagaDeps } from '../carriers/tpaga/tpaga.ts'
import { createCarrierClient } from '../carriers/tpaga/client.ts'
import { asClosing, asMessage } from './jobs.ts'

export const apiKey = 'ak-t9mn345n83ieqwrsz4xp8ztget'

type Options = {
  readonly collections: Collections
  /** The carrier's address without the API's path. */
  readonly url: string
  readonly apiKey?: string
  readonly callTimeoutMs?: number
  readonly packageCodes?: TpagaDeps['requests']['packageCodes']
  readonly checkOffer?: TpagaDeps['checkOffer']
  readonly breaker?: Partial<{ volume: number; resetMs: number; windowMs: number }>
  readonly limits?: Partial<Deps['limits'] & TpagaDeps['schedule']>
  /** The machine's own by default. */
  readonly trueTime?: () => number
  /** The deviation of this worker's clocks from the true time. */
  readonly clock?: { aheadMs: number; monotonicAheadMs: number }
  readonly publish?: (verdict: CarrierVerdictMessage) => 'confirmed' | 'unknown'
  readonly crashPoint?: (step: DeliveryStep) => void
  readonly records?: (records: Deps['records']) => Deps['records']
}

export type Worker = {
  readonly deliver: (job: FundsReserved) => Promise<Verdict>
  readonly close: (job: FundsReserved) => Promise<Verdict>
  /** Runs one round over the due top-ups, to its end. @returns their number */
  readonly look: () => Promise<number>
  readonly said: CarrierVerdictMessage[]
  readonly reports: DeliveryReport[]
  readonly calls: CarrierCall[]
  /** All changes so far; the state itself may be half-open again by now, where a test lets the breaker reset at once. */
  readonly circuitChanges: CircuitChange[]
  readonly carrier: ReturnType<typeof createTpaga>
}

/** One adapter without its broker: real records, a real carrier over HTTP. */
export const startWorker = (options: Options): Worker => {
  const callTimeoutMs = options.callTimeoutMs ?? 2_000
  const trueTime = options.trueTime ?? Date.now
  const clock = options.clock ?? { aheadMs: 0, monotonicAheadMs: 0 }
  const said: CarrierVerdictMessage[] = []
  const reports: DeliveryReport[] = []
  const calls: CarrierCall[] = []
  const circuitChanges: CircuitChange[] = []
  const connect = () =>
    createCarrierClient({
      baseUrl: `${options.url}/api/gateway_topup/v1`,
      apiKey: options.apiKey ?? apiKey,
      connectTimeoutMs: callTimeoutMs,
      callTimeoutMs,
      connections: 32,
    })
  const { repeatMs = [], lookupMs = [], ...limits } = options.limits ?? {}
  const carrier = createTpaga({
    clients: { topups: connect(), bundles: connect() },
    breaker: { errorPercent: 50, volume: 1_000, windowMs: 10_000, resetMs: 50, ...options.breaker },
    requests: { paymentOrigin: 'Recargas', packageCodes: options.packageCodes ?? 'string' },
    callTimeoutMs,
    schedule: { repeatMs, lookupMs },
    checkOffer: options.checkOffer ?? (() => Promise.resolve(null)),
    observer: {
      called: (call) => void calls.push(call),
      circuitChanged: (change) => void circuitChanges.push(change),
    },
  })
  const records = createSaleStore(options.collections)
  const attempts = createAttempts({
    records: options.records?.(records) ?? records,
    carrierOf: () => carrier,
    publish: (verdict) => {
      // A verdict that the ledger would refuse to read was never published.
      said.push(CarrierVerdictMessage.parse(JSON.parse(JSON.stringify(verdict))))
      return Promise.resolve({ kind: options.publish?.(verdict) ?? 'confirmed' })
    },
    now: () => new Date(trueTime() + clock.aheadMs),
    random: () => 0.5,
    monotonicMs: () => performance.now() + clock.monotonicAheadMs,
    crashPoint: options.crashPoint ?? (() => undefined),
    report: (report) => void reports.push(report),
    owner: randomUUID(),
    limits: {
      bornAt: new Date(0),
      clockSkewMs: 100,
      sendDeadlineMs: 60_000,
      leaseMs: 5_000,
      unrecordedMax: 100,
      jitterRatio: 0.1,
      ...limits,
    },
  })
  const deliverTopup = createDeliverSale(attempts)
  const closeTopup = createCloseSale(attempts)
  const repeats = (['topup', 'bundle'] as const).map((sells) =>
    createRepeats(attempts, { due: (...asked) => records.due(sells, ...asked), atOnceMax: 200 }),
  )
  return {
    deliver: (job) => deliverTopup(asMessage(job)),
    close: (job) => closeTopup(asClosing(job)),
    look: async () => {
      const rounds = await Promise.all(repeats.map((each) => each.round()))
      await Promise.all(rounds.map(({ done }) => done))
      return rounds.reduce((sum, { taken }) => sum + taken, 0)
    },
    said,
    reports,
    calls,
    circuitChanges,
    carrier,
  }
}
