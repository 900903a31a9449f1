import { assertNever, type CarrierOperationState } from '@recargas/contracts'
import CircuitBreaker from 'opossum'
import { isClear, type Evidence } from '../../domain/evidence.ts'
import { breakerOptions, followCircuit, type CircuitSettings } from './breaker.ts'
import type { CarrierObserver } from '../../domain/carrier-calls.ts'
import type { ProbeResult } from './calls.ts'

export type CircuitRefusal = 'breaker-open' | 'misconfigured' | 'throttled'

/** The right to make one call. Its holder runs the call or releases the permit. */
export type CircuitPermit =
  | { readonly kind: 'refused'; readonly why: CircuitRefusal }
  | {
      readonly kind: 'admitted'
      /** Makes the call, unless the circuit has opened since: a refusal means that nothing was sent. */
      readonly run: (call: () => Promise<Evidence>) => Promise<Evidence | CircuitRefusal>
      readonly release: () => void
    }

/** A sale may be the half-open trial; a repeat waits until the circuit is closed. */
type Purpose = 'sale' | 'repeat'

export type CircuitState = CarrierOperationState

export type Circuit = {
  readonly admit: (purpose: Purpose) => CircuitPermit
  readonly state: () => CircuitState
  /**
   * Probes once after the carrier refused another operation's credentials: where the key itself is refused, this
   * operation becomes misconfigured too, before a sale meets the same. A right that only the other operation lacks leaves
   * this one as it is.
   */
  readonly recheckCredentials: () => void
  readonly close: () => void
}

type Deps = {
  readonly settings: CircuitSettings
  readonly probe: () => Promise<ProbeResult>
  /** Called when the carrier has refused the key, or the right to this operation. */
  readonly onCredentialsRefused?: () => void
  readonly observer: Pick<CarrierObserver, 'circuitChanged'>
  readonly now: () => number
}

/** One call inside the breaker; `settle` receives its evidence even where the breaker must not count it. */
type GuardedCall = {
  readonly call: () => Promise<Evidence>
  readonly generation: number
  readonly isTrial: boolean
  readonly settle: (evidence: Evidence) => void
  isStarted: boolean
}

type State = {
  readonly settings: CircuitSettings
  readonly probe: () => Promise<ProbeResult>
  readonly onCredentialsRefused: () => void
  readonly observer: Pick<CarrierObserver, 'circuitChanged'>
  readonly now: () => number
  readonly breaker: CircuitBreaker<[GuardedCall], void>
  /** The half-open trial: one call goes ahead of all others. */
  halfOpenTrial: 'none' | 'probing' | 'ready' | 'running'
  /** The carrier's answer that refused the configuration; null while it is accepted. */
  misconfigured: string | null
  probeTimer: NodeJS.Timeout | undefined
  throttledUntil: number
  isClosed: boolean
  /** Raised by every change of the circuit: evidence of an older generation comes too late to count. */
  generation: number
}

type Admitted = { readonly generation: number; readonly isTrial: boolean }

/**
 * Admits or refuses calls to the carrier: by opossum's breaker, by a refused configuration, and by the pause that a 429
 * asks for. The first two end in one way: a good probe, then one sale with a clear answer. The probe runs at most once
 * per `resetMs`.
 */
export const createCircuit = ({
  settings,
  probe,
  onCredentialsRefused,
  observer,
  now,
}: Deps): Circuit => {
  const state: State = {
    settings,
    probe,
    onCredentialsRefused: onCredentialsRefused ?? (() => undefined),
    observer,
    now,
    breaker: createBreaker(settings, (guarded) => callThrough(state, guarded)),
    halfOpenTrial: 'none',
    misconfigured: null,
    probeTimer: undefined,
    throttledUntil: 0,
    isClosed: false,
    generation: 0,
  }
  followCircuit(state.breaker, settings.operation, observer)
  state.breaker.on('open', () => {
    // From here its own clock leads to the next probe: a second one would race with it.
    clearTimeout(state.probeTimer)
    startGeneration(state)
  })
  state.breaker.on('close', () => startGeneration(state))
  state.breaker.on('halfOpen', () => void tryProbe(state))
  return {
    admit: (purpose) => admit(state, purpose),
    state: () => {
      const why = refusal(state, state.halfOpenTrial === 'ready')
      return {
        available: why === null,
        reason: why === null ? null : reasonOf(why, state.misconfigured),
        breaker: state.breaker.closed ? 'closed' : state.breaker.halfOpen ? 'half-open' : 'open',
      }
    },
    recheckCredentials: () => void recheckCredentials(state),
    close: () => {
      state.isClosed = true
      clearTimeout(state.probeTimer)
      state.breaker.shutdown()
    },
  }
}

const createBreaker = (
  settings: CircuitSettings,
  action: (guarded: GuardedCall) => Promise<void>,
) => new CircuitBreaker<[GuardedCall], void>(action, breakerOptions(settings))

const admit = (state: State, purpose: Purpose): CircuitPermit => {
  const isTrial = purpose === 'sale' && state.halfOpenTrial === 'ready'
  const why = refusal(state, isTrial)
  if (why !== null) return { kind: 'refused', why }
  if (isTrial) state.halfOpenTrial = 'running'
  const admitted = { generation: state.generation, isTrial }
  return {
    kind: 'admitted',
    run: (call) => run(state, call, admitted),
    release: () => {
      if (isTrial && admitted.generation === state.generation) state.halfOpenTrial = 'ready'
    },
  }
}

const refusal = (state: State, isTrial: boolean): CircuitRefusal | null => {
  if (state.now() < state.throttledUntil) return 'throttled'
  if (isTrial) return null
  if (state.misconfigured !== null) return 'misconfigured'
  return state.breaker.closed ? null : 'breaker-open'
}

const run = (
  state: State,
  call: () => Promise<Evidence>,
  admitted: Admitted,
): Promise<Evidence | CircuitRefusal> => {
  const isTrial = admitted.isTrial && admitted.generation === state.generation
  const why = refusal(state, isTrial)
  if (why !== null) {
    if (isTrial) state.halfOpenTrial = 'ready'
    return Promise.resolve(why)
  }
  return new Promise((resolve, reject) => {
    const settle = (evidence: Evidence) => {
      onEvidence(state, evidence, guarded)
      resolve(evidence)
    }
    const { generation } = state
    const guarded: GuardedCall = { call, isTrial, generation, settle, isStarted: false }
    state.breaker.fire(guarded).catch((error: unknown) => {
      // Settled already, or a bug inside the call: that must never pass for "nothing was sent".
      if (guarded.isStarted) {
        reject(error instanceof Error ? error : new Error(String(error)))
        return
      }
      if (isTrial && generation === state.generation) endTrial(state)
      resolve('breaker-open')
    })
  })
}

/** The breaker's action: a throw counts as a failure, a promise that stays pending counts as nothing. */
const callThrough = async (state: State, guarded: GuardedCall): Promise<void> => {
  guarded.isStarted = true
  const evidence = await guarded.call().catch((error: unknown) => {
    // A trial that ends in a bug must not block the way back for good.
    if (guarded.isTrial && guarded.generation === state.generation) endTrial(state)
    throw error
  })
  const isLate = guarded.generation !== state.generation
  const isFailedTrial = guarded.isTrial && state.breaker.halfOpen && !isClear(evidence)
  guarded.settle(evidence)
  // Neither a success nor a failure: opossum would close, or open, on a call from before.
  if (isLate) await new Promise<never>(() => undefined)
  if (evidence.failure || isFailedTrial) throw new Error('the carrier does not answer')
}

/** Applies an answer to the calls to come. */
const onEvidence = (state: State, evidence: Evidence, guarded: GuardedCall): void => {
  if (evidence.retryAfterMs !== undefined) {
    state.throttledUntil = state.now() + evidence.retryAfterMs
  }
  if (guarded.generation !== state.generation) return
  if (evidence.proves === 'misconfigured') {
    markMisconfigured(state, evidence.observed)
    if (evidence.httpStatus === 401 || evidence.httpStatus === 403) state.onCredentialsRefused()
    return
  }
  if (!guarded.isTrial) return
  if (isClear(evidence) && state.misconfigured !== null) {
    setMisconfigured(state, null)
    // A breaker on its way back closes by itself and starts the new generation then.
    if (state.breaker.closed) startGeneration(state)
  } else if (state.breaker.closed) {
    endTrial(state)
  }
}

/** Reports the change, not a new reason for the same state. */
const setMisconfigured = (state: State, reason: string | null): void => {
  const isChanged = (state.misconfigured === null) !== (reason === null)
  state.misconfigured = reason
  if (!isChanged) return
  const { operation } = state.settings
  state.observer.circuitChanged(
    reason === null
      ? { operation, circuit: 'configured' }
      : { operation, circuit: 'misconfigured', reason },
  )
}

const markMisconfigured = (state: State, observed: string): void => {
  setMisconfigured(state, observed)
  startGeneration(state)
  probeLater(state)
}

const recheckCredentials = async (state: State): Promise<void> => {
  // Misconfigured or half-open already: that probe finds the same.
  const isAsking =
    state.misconfigured !== null || !state.breaker.closed || state.halfOpenTrial !== 'none'
  if (isAsking || state.isClosed) return
  const startedIn = state.generation
  const result = await state.probe().catch((): ProbeResult => ({ kind: 'bad' }))
  if (startedIn !== state.generation || result.kind !== 'misconfigured') return
  markMisconfigured(state, result.observed)
}

const startGeneration = (state: State): void => {
  state.generation += 1
  state.halfOpenTrial = 'none'
}

const endTrial = (state: State): void => {
  state.halfOpenTrial = 'none'
  probeLater(state)
}

/** While the breaker is not closed its own clock leads to the next probe. */
const probeLater = (state: State): void => {
  clearTimeout(state.probeTimer)
  if (state.isClosed || state.misconfigured === null || !state.breaker.closed) return
  state.probeTimer = setTimeout(() => void tryProbe(state), state.settings.resetMs)
  state.probeTimer.unref()
}

const tryProbe = async (state: State): Promise<void> => {
  if (state.halfOpenTrial !== 'none' || state.isClosed) return
  state.halfOpenTrial = 'probing'
  const startedIn = state.generation
  const result = await state.probe().catch((): ProbeResult => ({ kind: 'bad' }))
  if (startedIn !== state.generation) return
  state.halfOpenTrial = result.kind === 'good' ? 'ready' : 'none'
  if (result.kind === 'good') return
  if (result.kind === 'misconfigured') setMisconfigured(state, result.observed)
  if (state.breaker.halfOpen) state.breaker.open()
  probeLater(state)
}

const reasonOf = (why: CircuitRefusal, misconfigured: string | null): string => {
  switch (why) {
    case 'breaker-open':
      return 'the carrier does not answer'
    case 'misconfigured':
      return `the carrier refuses our configuration: ${misconfigured ?? ''}`
    case 'throttled':
      return 'the carrier asked for a pause'
    default:
      return assertNever(why)
  }
}
