import type { FundsReserved } from '@recargas/contracts'
import CircuitBreaker from 'opossum'
import type { CallResult } from '../../domain/call-result.ts'
import type { Admission, SaleAttempt } from '../../domain/carrier.ts'
import type { Evidence } from '../../domain/evidence.ts'
import { breakerOptions, followCircuit, type BehindBreaker } from './breaker.ts'
import { startClock } from './calls.ts'
import { classifyLookup, evidenceOfLookup } from './lookup-answers.ts'
import type { CarrierRequest } from './requests.ts'

export type Lookups = {
  /** Grants a lookup, or refuses it for now; a refused one waits. */
  readonly admit: () => Admission
  readonly close: () => void
}

type Deps = BehindBreaker & {
  readonly now: () => number
  readonly requestOf: (job: FundsReserved) => CarrierRequest
}

/** Looks up a bundle's purchase, behind a breaker of its own: a question never keeps a sale away. */
export const createLookups = ({ client, breaker, observer, now, requestOf }: Deps): Lookups => {
  let throttledUntil = 0
  const lookUp = async (
    { sale: { topupId, correlationId, job }, attempt, span }: SaleAttempt,
    settle: (evidence: Evidence) => void,
  ): Promise<void> => {
    const stop = startClock()
    const path = `/package_buy/${encodeURIComponent(topupId)}`
    const callResult = await client.call({ method: 'GET', path })
    const evidence = judge(callResult, requestOf(job))
    observer.called({
      operation: 'lookup',
      callResult,
      result: evidence.proves,
      seconds: stop(),
      sale: { topupId, correlationId, attempt, span },
    })
    if (evidence.retryAfterMs !== undefined) throttledUntil = now() + evidence.retryAfterMs
    settle(evidence)
    if (evidence.failure) throw new Error('the carrier does not answer')
  }
  const breakerOfLookups = new CircuitBreaker(
    lookUp,
    breakerOptions({ operation: 'lookup', ...breaker }),
  )
  followCircuit(breakerOfLookups, 'lookup', observer)
  const send = (attempt: SaleAttempt): Promise<Evidence> =>
    new Promise((resolve, reject) => {
      breakerOfLookups.fire(attempt, resolve).catch((error: unknown) => {
        if (CircuitBreaker.isOurError(error as Error)) {
          resolve(judge({ kind: 'not-sent', why: 'breaker-open' }, requestOf(attempt.sale.job)))
        } else {
          // Settled already, or a bug inside the call, which is no answer.
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  return {
    admit: () => {
      if (now() < throttledUntil) return { kind: 'refused', why: 'throttled' }
      // A half-open breaker lets one question through.
      if (!breakerOfLookups.closed && !breakerOfLookups.pendingClose) {
        return { kind: 'refused', why: 'breaker-open' }
      }
      return { kind: 'admitted', send, release: () => undefined }
    },
    close: () => breakerOfLookups.shutdown(),
  }
}

const judge = (callResult: CallResult, request: CarrierRequest): Evidence =>
  evidenceOfLookup(classifyLookup(callResult, request), callResult)
