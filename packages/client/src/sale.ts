import { isBeforeConnection, isError, isNotSent, notSent } from './not-sent.ts'
import {
  answeredBy,
  isOfOperation,
  readStep,
  type Answer,
  type Found,
  type SaleOutcome,
  type Step,
} from './outcome.ts'

export type Limits = {
  /** Seconds that the gateway holds an answer while the carrier is asked, at most 25. */
  readonly waitSeconds: number
  /** Time limit of one request, above that wait. */
  readonly requestTimeoutMs: number
  /** Milliseconds after which a press is answered with the last known state. */
  readonly giveUpAfterMs: number
  /** No pause between two requests is longer, whatever Retry-After says. */
  readonly pauseMsMax: number
}

export const defaultLimits: Limits = {
  waitSeconds: 25,
  requestTimeoutMs: 40_000,
  giveUpAfterMs: 60_000,
  pauseMsMax: 5_000,
}

/** One press of the button: every repeat of it carries the same headers. */
export type Press = {
  readonly key: string
  /** The cashier confirmed it: the suspicion of the press before it is not its answer. */
  readonly isConfirmed: boolean
  /** True for a caller's own key, which may have been pressed before. */
  readonly isKept: boolean
  readonly headers: Readonly<Record<string, string>>
}

type Deps = {
  readonly limits: Limits
  readonly lookUp: (id: string, waitSeconds: number) => Promise<Found>
}
type Post = (press: Press) => Promise<Answer>

const pauseMs = 1_000

/**
 * Sends a sale until its outcome is known or the time is over. Under one key a sale takes place at most once, so a lost request
 * may be sent again; a sale that the gateway calls unclear is looked up first.
 * @throws NotSentError when no request was ever sent
 */
export const settleSale = async (deps: Deps, press: Press, post: Post): Promise<SaleOutcome> => {
  const endsAt = performance.now() + deps.limits.giveUpAfterMs
  // From here on only the operation's own answer counts: that a later request was turned away proves nothing.
  let unclear: Error | null = null
  let id: string | null = null
  const unknown = (cause: Error) => ({ kind: 'unknown', key: press.key, id, cause }) as const
  for (;;) {
    const step = await stepOf(post(press))
    const afterMs = step.kind === 'ended' ? 0 : Math.min(step.afterMs, deps.limits.pauseMsMax)
    const isOver = () => performance.now() + afterMs >= endsAt
    switch (step.kind) {
      case 'ended': {
        const { outcome } = step
        if (outcome.kind === 'pending') {
          return await follow(deps, outcome.sale.id_transaccion, endsAt, outcome)
        }
        return unclear !== null && outcome.kind === 'refused' && !isOfOperation(outcome)
          ? unknown(answeredBy(outcome, unclear))
          : outcome
      }
      case 'not-accepted':
        if (!isOver()) break
        return unclear === null && (!press.isKept || isOfOperation(step.refused))
          ? step.refused
          : unknown(answeredBy(step.refused, unclear ?? undefined))
      case 'not-sent':
        if (!step.isFinal && !isOver()) break
        if (unclear !== null) return unknown(step.cause)
        throw isNotSent(step.cause) ? step.cause : notSent('no connection', step.cause)
      case 'unclear': {
        unclear = step.cause
        id = step.id ?? id
        const found = id === null ? null : await follow(deps, id, endsAt, null)
        if (found !== null && !isOvercome(press, found)) return found
        if (isOver()) return unknown(step.cause)
      }
    }
    await pause(afterMs)
  }
}

/** Until the confirmed press is known, a look-up still returns the press before it. */
const isOvercome = ({ isConfirmed }: Press, found: Known): boolean =>
  isConfirmed && found.kind === 'refused' && found.code === 'DUPLICATE_SUSPECTED'

/** No answer at all is an unclear one, unless the request never left. */
const stepOf = async (answer: ReturnType<Post>): Promise<Step> => {
  try {
    return readStep(await answer)
  } catch (error) {
    const cause = isError(error) ? error : new Error('no answer', { cause: error })
    const isFinal = isNotSent(cause)
    return isFinal || isBeforeConnection(cause)
      ? { kind: 'not-sent', afterMs: pauseMs, cause, isFinal }
      : { kind: 'unclear', afterMs: pauseMs, id: null, cause }
  }
}

type Known = Exclude<SaleOutcome, { kind: 'unknown' }>

/**
 * Polls a sale until it is settled or the time is over. @returns the last known state; null when the gateway knows no such sale
 */
const follow = async <Last extends Known | null>(
  { limits, lookUp }: Deps,
  id: string,
  endsAt: number,
  last: Last,
): Promise<Known | Last> => {
  let known: Known | Last = last
  for (;;) {
    const leftMs = endsAt - performance.now()
    if (leftMs <= 0) return known
    const waitSeconds = Math.min(limits.waitSeconds, Math.floor(leftMs / 1_000))
    const found = await lookUp(id, waitSeconds).catch((): Found => ({
      kind: 'unanswered',
      afterMs: pauseMs,
    }))
    switch (found.kind) {
      case 'found':
        // A look-up that was itself refused, such as by an expired token, proves nothing about the sale.
        if (!isOfOperation(found.outcome)) break
        if (found.outcome.kind !== 'pending') return found.outcome
        known = found.outcome
        // The wait is over or the gateway is closing: an open sale is polled again after a pause.
        break
      case 'absent':
        if (known === null) return known
        break
      case 'unanswered':
        break
    }
    const afterMs = found.kind === 'unanswered' ? found.afterMs : pauseMs
    await pause(Math.min(afterMs, limits.pauseMsMax, Math.max(0, endsAt - performance.now())))
  }
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))
