import type { CallResult } from './call-result.ts'

/** The sale that a call is about. */
export type SaleCall = {
  readonly topupId: string
  readonly correlationId: string
  readonly attempt: number
  readonly span?: string | undefined
}

/** One call that was really made. */
export type CarrierCall = {
  readonly operation: string
  readonly callResult: CallResult
  /** The proof, or the judgement of a call that only reads. */
  readonly result: string
  readonly seconds: number
  readonly sale?: SaleCall
}

/** A circuit of the carrier's operations after a change; `misconfigured` is the state beside the breaker. */
export type CircuitChange = {
  readonly operation: string
  readonly circuit: 'open' | 'half-open' | 'closed' | 'misconfigured' | 'configured'
  readonly reason?: string
}

/** Receives every call to a carrier, and every change of a circuit, once. */
export type CarrierObserver = {
  readonly called: (call: CarrierCall) => void
  readonly circuitChanged: (change: CircuitChange) => void
}
