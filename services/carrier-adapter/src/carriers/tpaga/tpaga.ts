import { assertNever, type FundsReserved, type WithheldReason } from '@recargas/contracts'
import type { CallResult } from '../../domain/call-result.ts'
import type { CarrierObserver } from '../../domain/carrier-calls.ts'
import type { Admission, Carrier, Purpose, SaleAttempt } from '../../domain/carrier.ts'
import type { Evidence } from '../../domain/evidence.ts'
import { afterLookups } from './after-lookups.ts'
import { probeBalance } from './balance.ts'
import type { BreakerSettings } from './breaker.ts'
import { startClock } from './calls.ts'
import { createCircuit, type Circuit, type CircuitState } from './circuit.ts'
import type { CarrierClient } from './client.ts'
import { classifyBundle, classifyTopup } from './decision-table.ts'
import { createLookups } from './lookups.ts'
import {
  carrierRequest,
  requestBody,
  type CarrierRequest,
  type RequestSettings,
} from './requests.ts'

/** Tpaga as a carrier of sales, without its lists and its balance. */
export type TpagaSales = Omit<Carrier, 'salesAtOnce' | 'state' | 'readBalance'> & {
  readonly state: () => CircuitState & { readonly bundles: CircuitState }
}

export type BundleJob = FundsReserved & { readonly bundle: NonNullable<FundsReserved['bundle']> }

export type TpagaDeps = {
  readonly clients: {
    readonly topups: CarrierClient
    /** With connections of their own: bundles that hang take none from a top-up. */
    readonly bundles: CarrierClient
  }
  readonly breaker: BreakerSettings
  readonly requests: RequestSettings
  readonly callTimeoutMs: number
  /** Steps after an unclear attempt: a top-up is sent again, a bundle is looked up. */
  readonly schedule: { readonly repeatMs: readonly number[]; readonly lookupMs: readonly number[] }
  /** The reason for withholding a bundle now; null where the carrier's list still shows it as quoted. */
  readonly checkOffer: (job: BundleJob) => Promise<WithheldReason | null>
  readonly observer: CarrierObserver
}

type Purchase = {
  readonly operation: 'topup' | 'bundle'
  readonly path: string
  readonly classify: (callResult: CallResult, request: CarrierRequest) => Evidence
}
const topupPurchase: Purchase = {
  operation: 'topup',
  path: '/topup_account',
  classify: classifyTopup,
}
const bundlePurchase: Purchase = {
  operation: 'bundle',
  path: '/package_buy',
  classify: classifyBundle,
}

/** Sells at Tpaga, each operation behind a circuit of its own, and looks bundles up. */
export const createTpaga = (deps: TpagaDeps): TpagaSales => {
  const { clients, breaker, requests, callTimeoutMs, schedule, checkOffer, observer } = deps
  const circuitOf = (
    operation: Purchase['operation'],
    client: CarrierClient,
    other: () => Circuit,
  ) =>
    createCircuit({
      settings: { operation, ...breaker },
      probe: () => probeBalance(client, observer),
      onCredentialsRefused: () => other().recheckCredentials(),
      observer,
      now: Date.now,
    })
  const topups: Circuit = circuitOf('topup', clients.topups, () => bundles)
  const bundles: Circuit = circuitOf('bundle', clients.bundles, () => topups)
  const requestOf = (job: FundsReserved) => carrierRequest(job, requests.packageCodes)
  const lookups = createLookups({
    client: clients.bundles,
    breaker,
    observer,
    now: Date.now,
    requestOf,
  })
  const followUps = {
    topup: { by: 'repeat', stepsMs: schedule.repeatMs },
    bundle: { by: 'look-up', stepsMs: schedule.lookupMs },
  } as const
  const purchase = (purpose: Exclude<Purpose, 'lookup'>, isBundle: boolean): Admission =>
    admitPurchase(isBundle ? bundlePurchase : topupPurchase, {
      circuit: isBundle ? bundles : topups,
      client: isBundle ? clients.bundles : clients.topups,
      purpose,
      observer,
      requestOf,
    })
  const sellBundle = async (job: BundleJob): Promise<Admission> => {
    const withheld = await checkOffer(job)
    return withheld === null ? purchase('sale', true) : { kind: 'refused', why: withheld }
  }
  return {
    callTimeoutMs,
    requestBody: (job) => requestBody(job, requests),
    admit: (job, purpose) => {
      switch (purpose) {
        case 'sale':
          return isBundle(job) ? sellBundle(job) : purchase('sale', false)
        case 'repeat':
          return purchase('repeat', isBundle(job))
        case 'lookup':
          return lookups.admit()
        default:
          return assertNever(purpose)
      }
    },
    notSent: (why, job) => classifyTopup({ kind: 'not-sent', why }, requestOf(job)),
    followUp: ({ job }) => (isBundle(job) ? followUps.bundle : followUps.topup),
    afterLookups: (sale) => afterLookups(sale, callTimeoutMs),
    state: () => ({ ...topups.state(), bundles: bundles.state() }),
    close: async () => {
      topups.close()
      bundles.close()
      lookups.close()
      await Promise.all([clients.topups.close(), clients.bundles.close()])
    },
  }
}

const isBundle = (job: FundsReserved): job is BundleJob => job.bundle !== undefined

type Way = {
  readonly circuit: Circuit
  readonly client: CarrierClient
  readonly purpose: 'sale' | 'repeat'
  readonly observer: CarrierObserver
  readonly requestOf: (job: FundsReserved) => CarrierRequest
}

const admitPurchase = (
  { operation, path, classify }: Purchase,
  { circuit, client, purpose, observer, requestOf }: Way,
): Admission => {
  const permit = circuit.admit(purpose)
  if (permit.kind === 'refused') return permit
  const buy = async ({ sale, attempt, span }: SaleAttempt, request: CarrierRequest) => {
    const { topupId, correlationId, body } = sale
    const stop = startClock()
    const callResult = await client.call({ method: 'POST', path, body })
    const evidence = classify(callResult, request)
    observer.called({
      operation,
      callResult,
      result: evidence.proves,
      seconds: stop(),
      sale: { topupId, correlationId, attempt, span },
    })
    return evidence
  }
  return {
    kind: 'admitted',
    send: async (attempt) => {
      const request = requestOf(attempt.sale.job)
      const result = await permit.run(() => buy(attempt, request))
      return typeof result === 'string'
        ? classify({ kind: 'not-sent', why: result }, request)
        : result
    },
    release: permit.release,
  }
}
