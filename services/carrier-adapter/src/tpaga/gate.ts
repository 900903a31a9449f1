import { assertNever, type CarrierOperationState } from '@recargas/contracts'
import CircuitBreaker from 'opossum'
import { isClear, type Evidence } from '../domain/verdict.ts'
import { breakerOptions, followCircuit, type GateSettings } from './breaker.ts'
import type { CarrierObserver, ProbeResult } from './calls.ts'

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

/** A sale may be the one that leads the way back; a repeat waits until the way is open. */
export type Purpose = 'sale' | 'repeat'

export type GateState = CarrierOperationState

export type Gate = {
  readonly admit: (purpose: Purpose) => Pass
  readonly state: () => GateState
  /**
   * Another operation was refused for our key: one probe tells whether the key itself is refused, and then this
   * operation is latched too before it meets the same. A right that only the other one lacks leaves this one open.
   */
  readonly suspectKey: () => void
  readonly close: () => void
}

type Deps = {
  readonly settings: GateSettings
  readonly probe: () => Promise<ProbeResult>
  /** Called when the carrier has refused our key, or the right to this operation. */
  readonly onKeyRefused?: () => void
  readonly observer: Pick<CarrierObserver, 'circuitChanged'>
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

type State = {
  readonly settings: GateSettings
  readonly probe: () => Promise<ProbeResult>
  readonly onKeyRefused: () => void
  readonly observer: Pick<CarrierObserver, 'circuitChanged'>
  readonly now: () => number
  readonly breaker: CircuitBreaker<[Ticket], void>
  /** The way back: one call goes ahead of all others. */
  trial: 'none' | 'probing' | 'ready' | 'running'
  /** What the carrier said when it refused our configuration. */
  latch: string | null
  latchTimer: NodeJS.Timeout | undefined
  throttledUntil: number
  isClosed: boolean
  /** Raised whenever the gate changes its mind: what older calls say then comes too late to count. */
  generation: number
}

type Admitted = { readonly generation: number; readonly isTrial: boolean }

/**
 * Decides whether a call to the carrier may start. Behind it: opossum's breaker, a latch for a carrier that
 * refuses our configuration, and the pause a 429 asks for. Out of the first two leads one way: a good probe,
 * then one sale with a clear answer; the probe runs at most once per `resetMs`.
 */
export const createGate = ({ settings, probe, onKeyRefused, observer, now }: Deps): Gate => {
  const state: State = {
    settings,
    probe,
    onKeyRefused: onKeyRefused ?? (() => undefined),
    observer,
    now,
    breaker: createBreaker(settings, (ticket) => carryOut(state, ticket)),
    trial: 'none',
    latch: null,
    latchTimer: undefined,
    throttledUntil: 0,
    isClosed: false,
    generation: 0,
  }
  followCircuit(state.breaker, settings.operation, observer)
  state.breaker.on('open', () => {
    // From here its own clock leads to the next probe: a second one would race with it.
    clearTimeout(state.latchTimer)
    enterNewGeneration(state)
  })
  state.breaker.on('close', () => enterNewGeneration(state))
  state.breaker.on('halfOpen', () => void tryProbe(state))
  return {
    admit: (purpose) => admit(state, purpose),
    state: () => {
      const why = refusal(state, state.trial === 'ready')
      return {
        available: why === null,
        reason: why === null ? null : reasonOf(why, state.latch),
        breaker: state.breaker.closed ? 'closed' : state.breaker.halfOpen ? 'half-open' : 'open',
      }
    },
    suspectKey: () => void suspectKey(state),
    close: () => {
      state.isClosed = true
      clearTimeout(state.latchTimer)
      state.breaker.shutdown()
    },
  }
}

const createBreaker = (settings: GateSettings, action: (ticket: Ticket) => Promise<void>) =>
  new CircuitBreaker<[Ticket], void>(action, breakerOptions(settings))

const admit = (state: State, purpose: Purpose): Pass => {
  const isTrial = purpose === 'sale' && state.trial === 'ready'
  const why = refusal(state, isTrial)
  if (why !== null) return { kind: 'refused', why }
  if (isTrial) state.trial = 'running'
  const admitted = { generation: state.generation, isTrial }
  return {
    kind: 'admitted',
    run: (call) => run(state, call, admitted),
    release: () => {
      if (isTrial && admitted.generation === state.generation) state.trial = 'ready'
    },
  }
}

const refusal = (state: State, isTrial: boolean): GateRefusal | null => {
  if (state.now() < state.throttledUntil) return 'throttled'
  if (isTrial) return null
  if (state.latch !== null) return 'misconfigured'
  return state.breaker.closed ? null : 'breaker-open'
}

const run = (
  state: State,
  call: () => Promise<Evidence>,
  admitted: Admitted,
): Promise<Evidence | GateRefusal> => {
  const isTrial = admitted.isTrial && admitted.generation === state.generation
  const why = refusal(state, isTrial)
  if (why !== null) {
    if (isTrial) state.trial = 'ready'
    return Promise.resolve(why)
  }
  return new Promise((resolve, reject) => {
    const settle = (evidence: Evidence) => {
      heed(state, evidence, ticket)
      resolve(evidence)
    }
    const { generation } = state
    const ticket: Ticket = { call, isTrial, generation, settle, isStarted: false }
    state.breaker.fire(ticket).catch((error: unknown) => {
      // Settled already, or a bug inside the call: that must never pass for "nothing was sent".
      if (ticket.isStarted) {
        reject(error instanceof Error ? error : new Error(String(error)))
        return
      }
      if (isTrial && generation === state.generation) endTrial(state)
      resolve('breaker-open')
    })
  })
}

/** The breaker's action: what it throws counts as a failure, what it keeps open counts as nothing. */
const carryOut = async (state: State, ticket: Ticket): Promise<void> => {
  ticket.isStarted = true
  const evidence = await ticket.call().catch((error: unknown) => {
    // A trial that ends in a bug must not block the way back for good.
    if (ticket.isTrial && ticket.generation === state.generation) endTrial(state)
    throw error
  })
  const isLate = ticket.generation !== state.generation
  const isFailedTrial = ticket.isTrial && state.breaker.halfOpen && !isClear(evidence)
  ticket.settle(evidence)
  // Neither a success nor a failure: opossum would close, or open, on a call from before.
  if (isLate) await new Promise<never>(() => undefined)
  if (evidence.failure || isFailedTrial) throw new Error('the carrier does not answer')
}

/** What an answer means for the calls to come. */
const heed = (state: State, evidence: Evidence, ticket: Ticket): void => {
  if (evidence.retryAfterMs !== undefined) {
    state.throttledUntil = state.now() + evidence.retryAfterMs
  }
  if (ticket.generation !== state.generation) return
  if (evidence.proves === 'misconfigured') {
    latchBecause(state, evidence.observed)
    if (evidence.httpStatus === 401 || evidence.httpStatus === 403) state.onKeyRefused()
    return
  }
  if (!ticket.isTrial) return
  if (isClear(evidence) && state.latch !== null) {
    setLatch(state, null)
    // A breaker on its way back closes by itself and starts the new generation then.
    if (state.breaker.closed) enterNewGeneration(state)
  } else if (state.breaker.closed) {
    endTrial(state)
  }
}

/** Told when it is set or taken off, not when its reason changes. */
const setLatch = (state: State, reason: string | null): void => {
  const isChanged = (state.latch === null) !== (reason === null)
  state.latch = reason
  if (!isChanged) return
  const { operation } = state.settings
  state.observer.circuitChanged(
    reason === null
      ? { operation, circuit: 'configured' }
      : { operation, circuit: 'misconfigured', reason },
  )
}

const latchBecause = (state: State, observed: string): void => {
  setLatch(state, observed)
  enterNewGeneration(state)
  probeLater(state)
}

const suspectKey = async (state: State): Promise<void> => {
  // Latched or on its way back already: the probe of that way finds the same.
  const isAsking = state.latch !== null || !state.breaker.closed || state.trial !== 'none'
  if (isAsking || state.isClosed) return
  const startedIn = state.generation
  const result = await state.probe().catch((): ProbeResult => ({ kind: 'bad' }))
  if (startedIn !== state.generation || result.kind !== 'misconfigured') return
  latchBecause(state, result.observed)
}

const enterNewGeneration = (state: State): void => {
  state.generation += 1
  state.trial = 'none'
}

const endTrial = (state: State): void => {
  state.trial = 'none'
  probeLater(state)
}

/** While the breaker is not closed its own clock leads to the next probe. */
const probeLater = (state: State): void => {
  clearTimeout(state.latchTimer)
  if (state.isClosed || state.latch === null || !state.breaker.closed) return
  state.latchTimer = setTimeout(() => void tryProbe(state), state.settings.resetMs)
  state.latchTimer.unref()
}

const tryProbe = async (state: State): Promise<void> => {
  if (state.trial !== 'none' || state.isClosed) return
  state.trial = 'probing'
  const startedIn = state.generation
  const result = await state.probe().catch((): ProbeResult => ({ kind: 'bad' }))
  if (startedIn !== state.generation) return
  state.trial = result.kind === 'good' ? 'ready' : 'none'
  if (result.kind === 'good') return
  if (result.kind === 'misconfigured') setLatch(state, result.observed)
  if (state.breaker.halfOpen) state.breaker.open()
  probeLater(state)
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
