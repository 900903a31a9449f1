import { callCauses, type CallCause } from '../domain/cause.ts'
import type { Observation, Proof } from '../domain/verdict.ts'

export const carrierOperations = [
  'topup',
  'bundle',
  'lookup',
  'balance',
  'providers',
  'packages',
] as const
export type CarrierOperation = (typeof carrierOperations)[number]

/** A harmless call that tells whether the carrier answers us at all. */
export type ProbeResult =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'misconfigured'; readonly observed: string }

export type CarrierResult = Proof | ProbeResult['kind']

/** How a call may end that proves this; what is not here has never been seen, and is counted once it is. */
const saleEnds: readonly (readonly [CarrierResult, readonly CallCause[]])[] = [
  ['authorized', ['http-2xx', 'http-4xx']],
  ['rejected', ['http-2xx', 'http-4xx', 'http-5xx']],
  ['pending', callCauses],
  ['not-sent', ['http-4xx', 'no-connection', 'refused', 'dns', 'tls', 'reset', 'other']],
  ['misconfigured', ['http-3xx', 'http-4xx']],
  ['invalid', ['http-4xx']],
]
const readEnds: typeof saleEnds = [
  ['good', ['http-2xx']],
  ['bad', callCauses],
  ['misconfigured', ['http-3xx', 'http-4xx']],
]
const isSaleOperation = (operation: CarrierOperation): boolean =>
  operation === 'topup' || operation === 'bundle' || operation === 'lookup'

/** The figures' label sets that exist from the start, so that a first event shows as a rise. */
export const callLabels = carrierOperations.flatMap((operation) =>
  (isSaleOperation(operation) ? saleEnds : readEnds).flatMap(([result, causes]) =>
    causes.map((cause) => ({ operation, result, cause })),
  ),
)

/** The sale that a call is about. */
export type SaleCall = {
  readonly topupId: string
  readonly correlationId: string
  readonly attempt: number
}

/** One call that was really made. */
export type CarrierCall = {
  readonly operation: CarrierOperation
  readonly observation: Observation
  readonly result: CarrierResult
  readonly seconds: number
  readonly sale?: SaleCall
}

/** A circuit of the carrier's operations after a change; `misconfigured` is the latch beside the breaker. */
export type CircuitChange = {
  readonly operation: string
  readonly circuit: 'open' | 'half-open' | 'closed' | 'misconfigured' | 'configured'
  readonly reason?: string
}

/** Hears of every call to the carrier, and of every change of a circuit, once. */
export type CarrierObserver = {
  readonly called: (call: CarrierCall) => void
  readonly circuitChanged: (change: CircuitChange) => void
}

/** @returns tells how many seconds have passed since */
export const startClock = (): (() => number) => {
  const startedAt = performance.now()
  return () => (performance.now() - startedAt) / 1_000
}
