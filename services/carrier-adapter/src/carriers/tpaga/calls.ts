import { callCauses, type CallCause } from '../../domain/cause.ts'
import type { Proof } from '../../domain/evidence.ts'

export const carrierOperations = [
  'topup',
  'bundle',
  'lookup',
  'balance',
  'providers',
  'packages',
] as const
export type CarrierOperation = (typeof carrierOperations)[number]

/** The result of a harmless call that tells a carrier that works from one that does not. */
export type ProbeResult =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'misconfigured'; readonly observed: string }

type CarrierResult = Proof | ProbeResult['kind']

/** The known ends of a call by its proof; any other pair gets its series once it happens. */
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

/** Starts a clock. @returns a reading of the seconds since then */
export const startClock = (): (() => number) => {
  const startedAt = performance.now()
  return () => (performance.now() - startedAt) / 1_000
}
