import type { Proof } from '../domain/verdict.ts'
import type { ProbeResult } from './gate.ts'

export const carrierOperations = [
  'topup',
  'bundle',
  'lookup',
  'balance',
  'providers',
  'packages',
] as const
export type CarrierOperation = (typeof carrierOperations)[number]
export const carrierResults = [
  'authorized',
  'rejected',
  'pending',
  'not-sent',
  'misconfigured',
  'invalid',
  'good',
  'bad',
] as const satisfies readonly (Proof | ProbeResult['kind'])[]
type CarrierResult = (typeof carrierResults)[number]

/** The measure of one call that was really made. */
export type ObserveCall = (
  operation: CarrierOperation,
  result: CarrierResult,
  seconds: number,
) => void

/** @returns tells how many seconds have passed since */
export const startClock = (): (() => number) => {
  const startedAt = performance.now()
  return () => (performance.now() - startedAt) / 1_000
}
