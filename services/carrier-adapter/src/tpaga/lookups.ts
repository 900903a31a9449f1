import CircuitBreaker from 'opossum'
import type { Asked } from '../domain/answer.ts'
import { classifyLookup, evidenceOfLookup, type FoundEvidence } from '../domain/bundle-lookup.ts'
import type { Observation } from '../domain/verdict.ts'
import { breakerOptions, followCircuit, type BreakerSettings } from './breaker.ts'
import { startClock, type CarrierObserver, type SaleCall } from './calls.ts'
import type { CarrierClient } from './client.ts'

export type LookupAdmission =
  | { readonly kind: 'refused'; readonly why: 'breaker-open' | 'throttled' }
  | {
      readonly kind: 'admitted'
      readonly send: (body: string, asked: Asked, sale: SaleCall) => Promise<FoundEvidence>
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
  readonly observer: CarrierObserver
  readonly now: () => number
}

/** Asks what became of a bundle's purchase, behind a breaker of its own: a question never keeps a sale away. */
export const createLookups = ({ client, breaker, observer, now }: Deps): Lookups => {
  let throttledUntil = 0
  const ask = async (
    asked: Asked,
    sale: SaleCall,
    tell: (evidence: FoundEvidence) => void,
  ): Promise<void> => {
    const stop = startClock()
    const path = `/package_buy/${encodeURIComponent(asked.token)}`
    const observation = await client.call({ method: 'GET', path })
    const evidence = judge(observation, asked)
    const result = evidence.proves
    observer.called({ operation: 'lookup', observation, result, seconds: stop(), sale })
    if (evidence.retryAfterMs !== undefined) throttledUntil = now() + evidence.retryAfterMs
    tell(evidence)
    if (evidence.failure) throw new Error('the carrier does not answer')
  }
  const asking = new CircuitBreaker(ask, breakerOptions({ operation: 'lookup', ...breaker }))
  followCircuit(asking, 'lookup', observer)
  const send = (asked: Asked, sale: SaleCall): Promise<FoundEvidence> =>
    new Promise((resolve, reject) => {
      asking.fire(asked, sale, resolve).catch((error: unknown) => {
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
      return {
        kind: 'admitted',
        send: (_body, asked, sale) => send(asked, sale),
        release: () => undefined,
      }
    },
    close: () => asking.shutdown(),
  }
}

const judge = (observation: Observation, asked: Asked): FoundEvidence =>
  evidenceOfLookup(classifyLookup(observation, asked), observation)
