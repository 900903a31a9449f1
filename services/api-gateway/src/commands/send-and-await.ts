import type { MerchantId, OperationAnswer, OperationId } from '@recargas/contracts'
import type { SerializedCommand } from './serialize-command.ts'
import { createSilence, type Silence } from './silence.ts'
import { isSettled, outcomeOfAnswer, outcomeOfEvent, type Outcome } from './outcome.ts'
import type { Waiters } from './waiters.ts'

/** Publishes a command and tells if the ledger's queue holds it. Never rejects. */
export type Publish = (serialized: SerializedCommand) => Promise<{
  readonly kind: 'confirmed' | 'unroutable' | 'refused' | 'unknown'
}>

/** Asks the ledger for an operation; null where it cannot be asked. Bounded in time, never rejects. */
export type AskLedger = (
  merchant: MerchantId,
  operationId: OperationId,
) => Promise<OperationAnswer | null>

export type Clock = {
  readonly now: () => number
  /** Calls back once after that time, unless cancelled. */
  readonly after: (delayMs: number, callback: () => void) => () => void
}

export type CommandSenderDeps = {
  readonly publish: Publish
  readonly askLedger: AskLedger
  readonly waiters: Waiters
  readonly clock: Clock
  readonly limits: {
    /** Silence after which the ledger is asked; then it is asked this often. Both grow with the time that outcomes take. */
    readonly pollAfterMs: number
    readonly pollEveryMs: number
    /** A publish that was not confirmed is repeated after this, one that was (a lost broker) after that. */
    readonly republishAfterMs: number
    readonly republishConfirmedAfterMs: number
    readonly notAcceptedAfterMs: number
    readonly waitingMax: number
  }
  readonly report: (event: 'republished') => void
}

export type CommandSender = {
  /**
   * Publishes a command and awaits its outcome. Safe to repeat: one id has one effect.
   * @param settlementWaitMs longest wait for a sale that the ledger holds, from now on
   */
  readonly sendAndAwait: (
    serialized: SerializedCommand,
    settlementWaitMs: number,
  ) => Promise<Outcome>
  /** Answers all waiting requests with the outcome known so far; called at shutdown. */
  readonly stop: () => void
}

/** Copies of one command that are published after its `acceptUntil`, to learn that it was not accepted. */
export const lateCopiesMax = 5

/** Part of {@link CommandSenderDeps.limits} `notAcceptedAfterMs` after which the ledger is asked at the latest. */
const latestAskShare = 1 / 3

/** The ledger must have been asked at least once, even for a caller that does not wait. */
const firstAskMsMin = 200

export const createCommandSender = (deps: CommandSenderDeps): CommandSender => {
  const { pollAfterMs, notAcceptedAfterMs } = deps.limits
  const silence = createSilence(
    pollAfterMs,
    Math.max(pollAfterMs, Math.round(notAcceptedAfterMs * latestAskShare)),
  )
  const stops = new Set<() => void>()
  let isStopping = false
  const wait = async (serialized: SerializedCommand, settlementWaitMs: number) => {
    const waiting = createWait(deps, serialized)
    stops.add(waiting.stop)
    try {
      return await follow({ ...deps, silence }, serialized, waiting.received, settlementWaitMs)
    } finally {
      waiting.end()
      stops.delete(waiting.stop)
    }
  }
  const isFull = () => isStopping || stops.size >= deps.limits.waitingMax
  return {
    sendAndAwait: async (serialized, settlementWaitMs) =>
      isFull() ? { kind: 'not-published' } : wait(serialized, settlementWaitMs),
    stop: () => {
      isStopping = true
      for (const stop of stops) stop()
    },
  }
}

type Received = { readonly from: 'ledger'; readonly outcome: Outcome } | { readonly from: 'stop' }
type Wait = {
  /** Settles with the first outcome an event brings, or when the process ends. */
  readonly received: Promise<Received>
  readonly stop: () => void
  readonly end: () => void
}

const createWait = ({ waiters }: CommandSenderDeps, serialized: SerializedCommand): Wait => {
  let settle: (received: Received) => void = () => undefined
  const received = new Promise<Received>((resolve) => (settle = resolve))
  const end = waiters.listen(serialized.operationId, (event) => {
    const outcome = outcomeOfEvent(serialized, event)
    if (outcome !== null) settle({ from: 'ledger', outcome })
  })
  return { received, stop: () => settle({ from: 'stop' }), end }
}

/** Awaits events. In silence it asks the ledger, and publishes again while the ledger does not know the operation. */
const follow = async (
  deps: CommandSenderDeps & { readonly silence: Silence },
  serialized: SerializedCommand,
  received: Promise<Received>,
  settlementWaitMs: number,
): Promise<Outcome> => {
  const { clock, limits, silence } = deps
  const startedAt = clock.now()
  const askAfterMs = silence.askAfterMs()
  const askEveryMs = limits.pollEveryMs * (askAfterMs / limits.pollAfterMs)
  const settledBy = startedAt + settlementWaitMs
  const acceptedBy = startedAt + limits.notAcceptedAfterMs
  const publisher = createPublisher(deps, serialized)
  publisher.publish()
  let known: Outcome | null = null
  let askAt = startedAt + Math.min(askAfterMs, Math.max(settlementWaitMs, firstAskMsMin))
  for (;;) {
    const limitAt = known === null ? acceptedBy : settledBy
    const event = await until(clock, received, Math.min(askAt, limitAt))
    if (event?.from === 'stop') return known ?? { kind: 'unknown' }
    if (event !== null) {
      silence.arrived(clock.now() - startedAt)
      return event.outcome
    }

    const asked = await Promise.race([received, ask(deps, serialized)])
    if (asked.from === 'stop') return known ?? { kind: 'unknown' }
    if (asked.from === 'ledger') return asked.outcome
    const outcome = asked.answer === null ? null : outcomeOfAnswer(serialized, asked.answer)
    if (outcome !== null) {
      if (outcome.kind !== 'topup' || isSettled(outcome.topup)) return outcome
      known = outcome
    }
    const now = clock.now()
    if (known !== null && now >= settledBy) return known
    if (known === null && now >= acceptedBy) return { kind: 'unknown' }
    if (known === null) publisher.publishAgain({ isLedgerHeard: asked.answer !== null })
    askAt = now + askEveryMs
  }
}

const ask = async ({ askLedger }: CommandSenderDeps, serialized: SerializedCommand) => ({
  from: 'answer' as const,
  answer: await askLedger(serialized.merchant, serialized.operationId),
})

/** The event that arrives before that time, else null. */
const until = async (
  clock: Clock,
  received: Promise<Received>,
  at: number,
): Promise<Received | null> => {
  let cancel: () => void = () => undefined
  const passed = new Promise<null>((resolve) => {
    cancel = clock.after(Math.max(0, at - clock.now()), () => resolve(null))
  })
  const first = await Promise.race([received, passed])
  cancel()
  return first
}

type Publisher = {
  readonly publish: () => void
  readonly publishAgain: (seen: { readonly isLedgerHeard: boolean }) => void
}

/**
 * Publishes the same bytes again, one publish at a time. Until `acceptUntil` a copy may still be accepted; the few after
 * it ask the ledger to refuse the press by time, which proves that no copy of it can be accepted any more.
 */
const createPublisher = (
  { publish, clock, limits, report }: CommandSenderDeps,
  serialized: SerializedCommand,
): Publisher => {
  let isUnderWay = false
  let isConfirmed = false
  let endedAt = 0
  let lateCopies = 0
  const start = () => {
    isUnderWay = true
    void publish(serialized).then(({ kind }) => {
      isUnderWay = false
      isConfirmed = kind === 'confirmed'
      endedAt = clock.now()
    })
  }
  return {
    publish: start,
    publishAgain: ({ isLedgerHeard }: { readonly isLedgerHeard: boolean }) => {
      const now = clock.now()
      const isLate = now > serialized.acceptUntil
      if (isUnderWay || (isLate && lateCopies >= lateCopiesMax)) return
      // A confirmed copy counts as lost only when the ledger answers and still does not know the operation.
      if (isConfirmed && !isLedgerHeard) return
      const pauseMs = isConfirmed ? limits.republishConfirmedAfterMs : limits.republishAfterMs
      // The first late copy asks for the refusal by time and does not wait for the pause of the earlier copies.
      const isFirstLate = isLate && lateCopies === 0
      if (!isFirstLate && now - endedAt < pauseMs) return
      if (isLate) lateCopies += 1
      report('republished')
      start()
    },
  }
}
