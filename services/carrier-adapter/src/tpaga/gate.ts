import { assertNever, type CarrierState } from '@recargas/contracts'
import CircuitBreaker from 'opossum'
import { isClear, type Evidence } from '../domain/verdict.ts'

export type GateSettings = {
  readonly operation: string
  readonly errorPercent: number
  readonly volume: number
  readonly windowMs: number
  readonly resetMs: number
}

/** A harmless call that tells whether the carrier answers us at all. */
export type ProbeResult =
  | { readonly kind: 'good' }
  | { readonly kind: 'bad' }
  | { readonly kind: 'misconfigured'; readonly observed: string }

export type GateRefusal = 'breaker-open' | 'misconfigured' | 'throttled'

/** The right to make one call. Whoever takes it either passes with it or gives it back. */
export type Pass =
  | { readonly kind: 'refused'; readonly why: GateRefusal }
  | {
      readonly kind: 'admitted'
      /** Makes the call, unless the gate has closed since: a refusal means that nothing was sent. */
      readonly run: (call: () => Promise<Evidence>) => Promise<Evidence | GateRefusal>
      readonly release: () => void
    }

export type Gate = {
  readonly admit: () => Pass
  readonly state: () => CarrierState
  readonly close: () => void
}

type Deps = {
  readonly settings: GateSettings
  readonly probe: () => Promise<ProbeResult>
  readonly now: () => number
}

/** One call inside the breaker; `settle` gets its evidence even where the breaker must not hear of it. */
type Ticket = {
  readonly call: () => Promise<Evidence>
  readonly generation: number
  readonly isTrial: boolean
  readonly settle: (evidence: Evidence) => void
  isStarted: boolean
}

/**
 * Decides whether a call to the carrier may start. Behind it: opossum's breaker, a latch for a carrier that
 * refuses our configuration, and the pause a 429 asks for. Out of the first two leads one way: a good probe,
 * then one sale with a clear answer; the probe runs at most once per `resetMs`.
 */
export const createGate = ({ settings, probe, now }: Deps): Gate => {
  /** The way back: one call goes ahead of all others. */
  let trial: 'none' | 'probing' | 'ready' | 'running' = 'none'
  let latch: string | null = null
  let latchTimer: NodeJS.Timeout | undefined
  let throttledUntil = 0
  let closed = false
  /** Raised whenever the gate changes its mind: what older calls say then comes too late to count. */
  let generation = 0

  const breaker = new CircuitBreaker(
    async (ticket: Ticket): Promise<void> => {
      ticket.isStarted = true
      const evidence = await ticket.call()
      const isLate = ticket.generation !== generation
      const isFailedTrial = ticket.isTrial && breaker.halfOpen && !isClear(evidence)
      ticket.settle(evidence)
      // Neither a success nor a failure: opossum would close, or open, on a call from before.
      if (isLate) await new Promise<never>(() => undefined)
      if (evidence.failure || isFailedTrial) throw new Error('the carrier does not answer')
    },
    {
      name: settings.operation,
      // The call has its own time-out: opossum's would answer while the request still runs.
      timeout: false,
      errorThresholdPercentage: settings.errorPercent,
      volumeThreshold: settings.volume,
      rollingCountTimeout: settings.windowMs,
      resetTimeout: settings.resetMs,
      rollingPercentilesEnabled: false,
      enableSnapshots: false,
    },
  )

  const enterNewGeneration = () => {
    generation += 1
    trial = 'none'
  }
  breaker.on('open', enterNewGeneration)
  breaker.on('close', enterNewGeneration)
  breaker.on('halfOpen', () => void tryProbe())

  /** While the breaker is not closed its own clock leads to the next probe. */
  const probeLater = () => {
    clearTimeout(latchTimer)
    if (closed || latch === null || !breaker.closed) return
    latchTimer = setTimeout(() => void tryProbe(), settings.resetMs)
    latchTimer.unref()
  }
  const setLatch = (observed: string) => {
    latch = observed
    enterNewGeneration()
    probeLater()
  }

  const tryProbe = async () => {
    if (trial !== 'none' || closed) return
    trial = 'probing'
    const startedIn = generation
    const result = await probe().catch((): ProbeResult => ({ kind: 'bad' }))
    if (startedIn !== generation) return
    trial = result.kind === 'good' ? 'ready' : 'none'
    if (result.kind === 'good') return
    if (result.kind === 'misconfigured') latch = result.observed
    if (breaker.halfOpen) breaker.open()
    probeLater()
  }

  const heed = (evidence: Evidence, ticket: Ticket) => {
    if (evidence.retryAfterMs !== undefined) throttledUntil = now() + evidence.retryAfterMs
    if (ticket.generation !== generation) return
    if (evidence.proves === 'misconfigured') return setLatch(evidence.observed)
    if (!ticket.isTrial) return
    if (isClear(evidence) && latch !== null) {
      latch = null
      // A breaker on its way back closes by itself and starts the new generation then.
      if (breaker.closed) enterNewGeneration()
    } else if (breaker.closed) {
      trial = 'none'
      probeLater()
    }
  }
  const refusal = (isTrial: boolean): GateRefusal | null => {
    if (now() < throttledUntil) return 'throttled'
    if (isTrial) return null
    if (latch !== null) return 'misconfigured'
    return breaker.closed ? null : 'breaker-open'
  }

  const run = (
    call: () => Promise<Evidence>,
    admitted: { generation: number; isTrial: boolean },
  ): Promise<Evidence | GateRefusal> => {
    const isStale = admitted.isTrial && admitted.generation !== generation
    const isTrial = admitted.isTrial && !isStale
    const why = refusal(isTrial)
    if (why !== null) {
      if (isTrial) trial = 'ready'
      return Promise.resolve(why)
    }
    return new Promise((resolve, reject) => {
      const settle = (evidence: Evidence) => {
        heed(evidence, ticket)
        resolve(evidence)
      }
      const ticket: Ticket = { call, isTrial, generation, settle, isStarted: false }
      breaker.fire(ticket).catch((error: unknown) => {
        // Settled already, or a bug inside the call: that must never pass for "nothing was sent".
        if (ticket.isStarted) reject(error instanceof Error ? error : new Error(String(error)))
        else resolve('breaker-open')
      })
    })
  }

  return {
    admit: () => {
      const isTrial = trial === 'ready'
      const why = refusal(isTrial)
      if (why !== null) return { kind: 'refused', why }
      if (isTrial) trial = 'running'
      const admitted = { generation, isTrial }
      return {
        kind: 'admitted',
        run: (call) => run(call, admitted),
        release: () => {
          if (isTrial && admitted.generation === generation) trial = 'ready'
        },
      }
    },
    state: () => {
      const why = refusal(trial === 'ready')
      return {
        available: why === null,
        reason: why === null ? null : reasonOf(why, latch),
        breaker: breaker.closed ? 'closed' : breaker.halfOpen ? 'half-open' : 'open',
      }
    },
    close: () => {
      closed = true
      clearTimeout(latchTimer)
      breaker.shutdown()
    },
  }
}

const reasonOf = (why: GateRefusal, latch: string | null): string => {
  switch (why) {
    case 'breaker-open':
      return 'the carrier does not answer'
    case 'misconfigured':
      return `the carrier refuses our configuration: ${latch ?? ''}`
    case 'throttled':
      return 'the carrier asked for a pause'
    default:
      return assertNever(why)
  }
}
