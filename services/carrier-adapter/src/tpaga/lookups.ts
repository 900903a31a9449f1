import CircuitBreaker from 'opossum'
import type { Asked } from '../domain/answer.ts'
import { classifyLookup, evidenceOfLookup, type FoundEvidence } from '../domain/bundle-lookup.ts'
import type { Observation } from '../domain/verdict.ts'
import { breakerOptions, type BreakerSettings } from './breaker.ts'
import { startClock, type ObserveCall } from './calls.ts'
import type { CarrierClient } from './client.ts'

export type LookupAdmission =
  | { readonly kind: 'refused'; readonly why: 'breaker-open' | 'throttled' }
  | {
      readonly kind: 'admitted'
      readonly send: (body: string, asked: Asked) => Promise<FoundEvidence>
      readonly release: () => void
    }

export type Lookups = {
  /** Whether the carrier may be asked now; where not, the question waits. */
  readonly admit: () => LookupAdmission
  readonly close: () => void
}

type Deps = {
  readonly client: Pick<CarrierClient, 'call'>
  readonly breaker: BreakerSettings
  readonly observeCall: ObserveCall
  readonly now: () => number
}

/** Asks what became of a bundle's purchase, behind a breaker of its own: a question never keeps a sale away. */
export const createLookups = ({ client, breaker, observeCall, now }: Deps): Lookups => {
  let throttledUntil = 0
  const ask = async (asked: Asked, tell: (evidence: FoundEvidence) => void): Promise<void> => {
    const stop = startClock()
    const path = `/package_buy/${encodeURIComponent(asked.token)}`
    const evidence = judge(await client.call({ method: 'GET', path }), asked)
    observeCall('lookup', evidence.proves, stop())
    if (evidence.retryAfterMs !== undefined) throttledUntil = now() + evidence.retryAfterMs
    tell(evidence)
    if (evidence.failure) throw new Error('the carrier does not answer')
  }
  const asking = new CircuitBreaker(ask, breakerOptions({ operation: 'lookup', ...breaker }))
  const send = (asked: Asked): Promise<FoundEvidence> =>
    new Promise((resolve, reject) => {
      asking.fire(asked, resolve).catch((error: unknown) => {
        if (CircuitBreaker.isOurError(error as Error)) {
          resolve(judge({ kind: 'not-sent', why: 'breaker-open' }, asked))
        } else {
          // Told already, or a bug inside the call, which is no answer.
          reject(error instanceof Error ? error : new Error(String(error)))
        }
      })
    })
  return {
    admit: () => {
      if (now() < throttledUntil) return { kind: 'refused', why: 'throttled' }
      // Half open it lets one question through.
      if (!asking.closed && !asking.pendingClose) return { kind: 'refused', why: 'breaker-open' }
      return { kind: 'admitted', send: (_body, asked) => send(asked), release: () => undefined }
    },
    close: () => asking.shutdown(),
  }
}

const judge = (observation: Observation, asked: Asked): FoundEvidence =>
  evidenceOfLookup(classifyLookup(observation, asked), observation)
