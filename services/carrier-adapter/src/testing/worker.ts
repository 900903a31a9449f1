import { randomUUID } from 'node:crypto'
import { CarrierVerdictMessage, type FundsReserved } from '@recargas/contracts'
import type { Collections } from '../mongo/documents.ts'
import { createTopupStore } from '../mongo/topup-store.ts'
import {
  createAttempts,
  type DeliveryReport,
  type DeliveryStep,
  type Deps,
} from '../topups/attempts.ts'
import { createCloseTopup } from '../topups/close-topup.ts'
import { createDeliverTopup, type JobVerdict } from '../topups/deliver-topup.ts'
import { createRepeats } from '../topups/repeat-topup.ts'
import type { CarrierCall, CircuitChange } from '../tpaga/calls.ts'
import { createCarrier } from '../tpaga/carrier.ts'
import { createCarrierClient } from '../tpaga/client.ts'
import { asClosing, asMessage } from './jobs.ts'

export const apiKey = 'ak-t9mn345n83ieqwrsz4xp8ztget'

type Options = {
  readonly collections: Collections
  /** Where the carrier listens, without the API's path. */
  readonly url: string
  readonly apiKey?: string
  readonly callTimeoutMs?: number
  readonly packageCodes?: Deps['packageCodes']
  readonly checkOffer?: Deps['checkOffer']
  readonly breaker?: Partial<{ volume: number; resetMs: number; windowMs: number }>
  readonly limits?: Partial<Deps['limits']>
  /** What the clocks of this worker show, in ms from the true time. */
  readonly clock?: { aheadMs: number; monotonicAheadMs: number }
  readonly publish?: (verdict: CarrierVerdictMessage) => 'confirmed' | 'unknown'
  readonly crashPoint?: (step: DeliveryStep) => void
  readonly records?: (records: Deps['records']) => Deps['records']
}

export type Worker = {
  readonly deliver: (job: FundsReserved) => Promise<JobVerdict>
  readonly close: (job: FundsReserved) => Promise<JobVerdict>
  /** One round over what is due, to its end. @returns how many it took */
  readonly look: () => Promise<number>
  readonly said: CarrierVerdictMessage[]
  readonly reports: DeliveryReport[]
  readonly calls: CarrierCall[]
  /** All changes so far; the state itself may be half-open again by now, where a test lets the breaker reset at once. */
  readonly circuitChanges: CircuitChange[]
  readonly carrier: ReturnType<typeof createCarrier>
}

/** One adapter without its broker: real records, a real carrier over HTTP. */
export const startWorker = (options: Options): Worker => {
  const callTimeoutMs = options.callTimeoutMs ?? 1_000
  const clock = options.clock ?? { aheadMs: 0, monotonicAheadMs: 0 }
  const said: CarrierVerdictMessage[] = []
  const reports: DeliveryReport[] = []
  const calls: CarrierCall[] = []
  const circuitChanges: CircuitChange[] = []
  const connect = () =>
    createCarrierClient({
      baseUrl: `${options.url}/api/gateway_topup/v1`,
      apiKey: options.apiKey ?? apiKey,
      connectTimeoutMs: 500,
      callTimeoutMs,
      connections: 32,
    })
  const carrier = createCarrier({
    clients: { topups: connect(), bundles: connect() },
    breaker: { errorPercent: 50, volume: 1_000, windowMs: 10_000, resetMs: 50, ...options.breaker },
    observer: {
      called: (call) => void calls.push(call),
      circuitChanged: (change) => void circuitChanges.push(change),
    },
  })
  const records = createTopupStore(options.collections)
  const attempts = createAttempts({
    records: options.records?.(records) ?? records,
    carrier,
    checkOffer: options.checkOffer ?? (() => Promise.resolve(null)),
    publish: (verdict) => {
      // What the ledger would refuse to read was never said.
      said.push(CarrierVerdictMessage.parse(JSON.parse(JSON.stringify(verdict))))
      return Promise.resolve({ kind: options.publish?.(verdict) ?? 'confirmed' })
    },
    now: () => new Date(Date.now() + clock.aheadMs),
    random: () => 0.5,
    monotonicMs: () => performance.now() + clock.monotonicAheadMs,
    crashPoint: options.crashPoint ?? (() => undefined),
    report: (report) => void reports.push(report),
    owner: randomUUID(),
    paymentOrigin: 'Recargas',
    packageCodes: options.packageCodes ?? 'string',
    limits: {
      bornAt: new Date(0),
      clockSkewMs: 100,
      sendDeadlineMs: 60_000,
      leaseMs: 5_000,
      callTimeoutMs,
      unrecordedMax: 100,
      repeatMs: [],
      lookupMs: [],
      jitterRatio: 0.1,
      ...options.limits,
    },
  })
  const deliverTopup = createDeliverTopup(attempts)
  const closeTopup = createCloseTopup(attempts)
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
