import {
  assertNever,
  quarantineCountMax,
  sharedTopology,
  type DiscardRequest,
  type QuarantineChoice,
  type QuarantineMessage,
  type QuarantineResult,
  type QuarantineSettled,
  type ReplayRequest,
} from '@recargas/contracts'
import type { OutgoingMessage } from '@recargas/messaging'
import { acceptUntilOf } from './dead-letter.ts'
import type { Quarantined, QuarantineStore } from './ports.ts'
import { messageOf } from './quarantine-view.ts'

export type QuarantinePorts = {
  readonly store: QuarantineStore
  /** With confirm. */
  readonly publish: (
    message: OutgoingMessage,
  ) => Promise<{ readonly kind: string; readonly reason?: string }>
  readonly now: () => number
  readonly onAction: (action: 'replayed' | 'discarded') => void
}

export type Quarantine = {
  readonly show: (id: string) => Promise<QuarantineMessage | null>
  readonly replay: (request: ReplayRequest) => Promise<QuarantineSettled>
  readonly discard: (request: DiscardRequest) => Promise<QuarantineSettled>
}

/** The actions of a person on a quarantined message. Each action is recorded before it is carried out. */
export const createQuarantine = (ports: QuarantinePorts): Quarantine => ({
  show: async (id) => {
    const found = await ports.store.find(id)
    if (found === null) return null
    return messageOf(found, noteOn(found, ports.now()), await ports.store.actionsOf(id))
  },
  replay: async ({ by, reason, choice, dryRun }) => {
    const step = (message: Quarantined): Promise<Step> => {
      const refusal = notReplayable(message)
      if (refusal !== null) return Promise.resolve({ outcome: 'left', note: refusal })
      if (dryRun) return Promise.resolve(wouldBeDone(noteOn(message, ports.now())))
      return replayOne(ports, message, by, reason)
    }
    return settle(ports, choice, step)
  },
  discard: async ({ by, reason, choice, dryRun }) => {
    const step = (message: Quarantined): Promise<Step> => {
      if (message.state !== 'waiting') {
        return Promise.resolve({ outcome: 'left', note: `it is ${message.state} already` })
      }
      return dryRun ? Promise.resolve(wouldBeDone(null)) : discardOne(ports, message, by, reason)
    }
    return settle(ports, choice, step)
  },
})

type Step = Pick<QuarantineResult, 'outcome' | 'note'>

const wouldBeDone = (note: string | null): Step => ({ outcome: 'would-be-done', note })

/** In order of arrival: a command before the verdict that follows it. */
const settle = async (
  { store }: QuarantinePorts,
  choice: QuarantineChoice,
  step: (message: Quarantined) => Promise<Step>,
): Promise<QuarantineSettled> => {
  const results: QuarantineResult[] = []
  switch (choice.of) {
    case 'messages':
      for (const id of choice.ids) {
        const found = await store.find(id)
        const done: Step =
          found === null ? { outcome: 'left', note: 'no such message' } : await step(found)
        results.push({ ...namesOf(id, found), ...done })
      }
      return { results, remaining: 0 }
    case 'group': {
      const before = new Date(choice.before)
      if (choice.expected !== undefined) {
        const waiting = await store.countWaiting(choice.filter, before)
        if (waiting !== Math.min(choice.expected, quarantineCountMax))
          return sizeDiffers(waiting, choice.expected)
      }
      for (const found of await store.waiting(choice.filter, before, choice.limit)) {
        results.push({ ...namesOf(found.id, found), ...(await step(found)) })
      }
      return { results, remaining: await store.countWaiting(choice.filter, before) }
    }
    default:
      return assertNever(choice)
  }
}

const sizeDiffers = (waiting: number, expected: number): QuarantineSettled => ({
  code: 'SIZE_DIFFERS',
  detail: `${waiting} messages wait, not ${expected}: look at them again`,
  waiting,
})

const namesOf = (id: string, found: Quarantined | null) => ({
  id,
  type: found?.type ?? '',
  messageId: found?.messageId ?? '',
  queue: found?.queue ?? '',
})

const workQueues: ReadonlySet<string> = new Set(sharedTopology.queues.map(({ name }) => name))

/** null: it may be sent again. */
const notReplayable = (message: Quarantined): string | null => {
  if (message.isCut) return 'only its beginning is kept: it was longer than any message of ours'
  if (!workQueues.has(message.queue)) {
    return `its queue ${message.queue} is none that lasts: whoever waited there asks the ledger`
  }
  return null
}

/** Predicts the effect of a replay, where the message allows it. */
const noteOn = (message: Quarantined, now: number): string | null => {
  const acceptUntil = acceptUntilOf(message.body)
  if (acceptUntil !== null && acceptUntil < now) {
    const at = new Date(acceptUntil).toISOString()
    return `a replay stays without effect: it could be carried out until ${at}, and its sender knows`
  }
  if (message.cause === 'UNREADABLE' || message.cause === 'INVALID') {
    return 'it comes back unless a version runs now that can read it'
  }
  return null
}

/** Headers of earlier tries: a replay begins anew. */
const ofEarlierTries: ReadonlySet<string> = new Set([
  'attempt',
  'first-failure-at',
  'origin-queue',
  'last-error-code',
  'last-error-detail',
])

const replayOne = async (
  { store, publish, now, onAction }: QuarantinePorts,
  message: Quarantined,
  by: string,
  reason: string | undefined,
): Promise<Step> => {
  const replay = message.replays + 1
  const note = noteOn(message, now())
  const detail = reason === undefined ? `no. ${replay}` : `no. ${replay}: ${reason}`
  await store.audit(message.id, { at: iso(now()), by, action: 'replay', detail })
  const { kind, reason: problem } = await publish({
    // Publishes straight to the original queue under the original id, so that consumers recognize a repeat.
    exchange: '',
    routingKey: message.queue,
    messageId: message.messageId,
    type: message.type,
    ...(message.correlationId === '' ? {} : { correlationId: message.correlationId }),
    body: message.body,
    persistent: true,
    headers: { ...headersFor(message), 'replay-of': message.id, replay },
  })
  if (kind !== 'confirmed') {
    const failure = `the broker did not confirm it: ${problem ?? kind}`
    await store.audit(message.id, { at: iso(now()), by, action: 'replay-failed', detail: failure })
    return { outcome: 'left', note: failure }
  }
  await store.replayed(message, replay, new Date(now()))
  onAction('replayed')
  return { outcome: 'done', note }
}

const headersFor = (message: Quarantined): NonNullable<OutgoingMessage['headers']> => {
  const kept: Record<string, string | number | boolean> = {}
  for (const [name, value] of Object.entries(message.headers)) {
    if (name.startsWith('x-') || ofEarlierTries.has(name)) continue
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      kept[name] = value
    }
  }
  return kept
}

const discardOne = async (
  { store, now, onAction }: QuarantinePorts,
  message: Quarantined,
  by: string,
  reason: string,
): Promise<Step> => {
  await store.audit(message.id, { at: iso(now()), by, action: 'discard', detail: reason })
  const isDiscarded = await store.discarded(message, new Date(now()))
  if (!isDiscarded) return { outcome: 'left', note: 'it came again meanwhile: look at it anew' }
  onAction('discarded')
  return { outcome: 'done', note: null }
}

const iso = (at: number): string => new Date(at).toISOString()
