import { money, type OperationId } from '@recargas/contracts'
import { seeded } from '@recargas/runtime'
import type { Entry } from '../accounting/journal.ts'
import type { Topup } from '../accounting/entities.ts'
import type { LedgerState } from '../accounting/ledger-view.ts'
import { isSale, type Operation, type Sale as SaleOperation } from '../accounting/operation.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import {
  aCajaChange,
  aClosing,
  aHandOver,
  administrator,
  aCorrection,
  aDecision,
  aMovement,
  aRecharge,
  anInjection,
  anOpening,
  anOpenShopOperations,
  aRefusedPress,
  aTopup,
  aVerdict,
  start,
} from './builders.ts'
import { simulatedCarrier } from './simulated-carrier.ts'
import { inboundFor } from './inbound-for.ts'

/** Points at which a batch's process may end. */
export const batchEnds = ['before-commit', 'after-commit', 'sent', 'acked', 'whole'] as const
export type BatchEnd = (typeof batchEnds)[number]

/** One batch of an owner up to its end: the sent messages, the acknowledgeable deliveries, and the owner's survival. */
export type Written = {
  readonly isAlive: boolean
  readonly sent: readonly OutgoingMessage[]
  readonly acked: readonly InboundOperation[]
}

/** An entry of the log that changed more than a sale's attempts, with its number in the order of the log. */
export type JournalledEntry = {
  readonly seq: number
  readonly entry: Entry
  readonly fingerprint: string | null
  /** As JSON, like the outcome. */
  readonly operation: string
  readonly outcome: string
}

/** A ledger of one partition in memory, as a story drives it. */
export type SimulatedLedger<Owner> = {
  readonly takeOver: (at: number) => Owner
  readonly write: (
    owner: Owner,
    inbounds: readonly InboundOperation[],
    at: number,
    end: BatchEnd,
  ) => Written
  readonly held: () => readonly Topup[]
  readonly journal: () => readonly JournalledEntry[]
  readonly everything: LedgerState
  /** Advances the background work between two events. */
  readonly goOn: (random: () => number) => void
}
export type StoryOptions = {
  /** From the press on. */
  readonly acceptMs: number
  /** Clocks of owners differ by this at most. */
  readonly clockSkewMs: number
  /** Some gateways' clocks are ahead by up to this, and copies of their commands come as much later. */
  readonly gatewayAheadMs: number
}

const eventsMax = 60
const calmRoundsMax = 60

/** One seed's story: a shop, its carrier, and owners that die, sleep and come late. */
export const playStory = <Owner>(
  seed: number,
  ledger: SimulatedLedger<Owner>,
  { acceptMs, clockSkewMs, gatewayAheadMs }: StoryOptions,
) => {
  const random = seeded(seed)
  const pick = (count: number) => Math.floor(random() * count)
  const carrier = simulatedCarrier(random)
  let queue: InboundOperation[] = []
  const zombies: Owner[] = []
  const presses: SaleOperation[] = []
  let delayed: { readonly inbound: InboundOperation; readonly dueAt: number }[] = []
  let at = start
  let isCalm = false

  /** A message may be delivered twice, and anywhere in the queue. */
  const enqueue = (inbound: InboundOperation) => {
    for (let copies = !isCalm && random() < 0.2 ? 2 : 1; copies > 0; copies -= 1) {
      const place = !isCalm && random() < 0.3 ? pick(queue.length + 1) : queue.length
      queue.splice(place, 0, inbound)
    }
  }
  const ask = (operation: Operation) => {
    const aheadMs = !isCalm && random() < 0.2 ? pick(gatewayAheadMs + 1) : 0
    const acceptUntil = at + aheadMs + acceptMs
    const inbound = { ...inboundFor(accepted(operation, acceptUntil)), acceptUntil }
    enqueue(inbound)
    // The gateway asks by the same bytes again, or the broker delivers a copy late.
    if (!isCalm && random() < 0.3) delayed.push({ inbound, dueAt: at + pick(gatewayAheadMs + 1) })
  }
  const enqueueDelayed = () => {
    for (const { inbound, dueAt } of delayed) if (isCalm || dueAt <= at) enqueue(inbound)
    delayed = delayed.filter(({ dueAt }) => !isCalm && dueAt > at)
  }
  const skewed = () => at + (isCalm ? 0 : Math.round((2 * random() - 1) * clockSkewMs))
  const hear = (messages: readonly OutgoingMessage[]) => {
    for (const { type, body } of messages) {
      const { topupId } = (JSON.parse(body) as { data: { topupId: OperationId } }).data
      const { verdict, closed } = carrier.hear(topupId, type === 'CloseTopup.v1')
      enqueue(inboundFor(aVerdict(topupId, verdict, closed === true ? { closed } : {})))
    }
  }
  const write = (writer: Owner, end: (typeof batchEnds)[number]) => {
    const inbounds = queue.slice(0, 1 + pick(6))
    const { isAlive, sent, acked } = ledger.write(writer, inbounds, skewed(), end)
    // An acknowledged message leaves the queue; the others are redelivered, early ones behind later ones.
    const taken = inbounds.filter((inbound) => acked.includes(inbound))
    queue = [...queue.slice(inbounds.length), ...inbounds.filter((each) => !taken.includes(each))]
    hear(sent)
    return isAlive
  }
  const sweep = () => {
    for (const { id, decision } of ledger.held()) {
      if (!isCalm && random() < 0.5) continue
      const { verdict, closed } = carrier.hear(id, decision?.isFinal === true)
      enqueue(inboundFor(aVerdict(id, verdict, closed === true ? { closed } : {})))
    }
  }
  const decide = () => {
    for (const { id, state, decision } of ledger.held()) {
      if (state === 'in-review' && decision === null) ask(aDecision(id, 'rejected'))
    }
  }

  const closeSome = () => {
    const count = {
      counted: money(pick(60_000)),
      sessionId: 1 + pick(3),
      acceptPending: true,
      actor: administrator,
    }
    if (random() < 0.7) ask(aClosing(count))
    else ask(aHandOver({ ...count, nextUserId: random() < 0.5 ? '2' : '3' }))
  }

  for (const operation of anOpenShopOperations()) ask(operation)
  // The shop is opened first: a cashier sells only in a session that was seen open.
  isCalm = true
  let owner: Owner | null = ledger.takeOver(at)
  while (queue.length > 0) write(owner, 'whole')
  isCalm = false
  for (let event = 0; event < eventsMax; event += 1) {
    at += pick(3_000)
    ledger.goOn(random)
    enqueueDelayed()
    const dice = random()
    if (dice < 0.26) {
      const amount = random() < 0.5 ? 500 : 1 + pick(3_000)
      const number = `7000000${pick(5)}`
      const sale = { amount: money(amount), carrierAmount: amount, number, sessionId: 1 + pick(3) }
      const press = aTopup({ ...sale, keyed: random() < 0.5 })
      if (isSale(press) && press.data.keyed) presses.push(press)
      ask(press)
    } else if (dice < 0.31) {
      // Repeats a key: unchanged, confirmed, or refused by a gateway with another catalogue.
      const press = presses[pick(presses.length)]
      if (press === undefined) continue
      const { operationId } = press.data
      const confirmDuplicate = random() < 0.6
      if (random() < 0.2) ask(aRefusedPress({ operationId, confirmDuplicate }))
      else ask({ ...press, data: { ...press.data, confirmDuplicate } } as SaleOperation)
    } else if (dice < 0.34) ask(anInjection({ amount: money(1 + pick(9_000)), keyed: true }))
    else if (dice < 0.38) ask(aMovement({ amount: money(1 + pick(900)), direction: 'out' }))
    else if (dice < 0.4) closeSome()
    else if (dice < 0.42) ask(anOpening(random() < 0.5 ? {} : { declared: money(pick(60_000)) }))
    else if (dice < 0.43) ask(aCajaChange({ balance: money(pick(60_000)) }))
    else if (dice < 0.44) ask(aCorrection({ counted: money(pick(60_000)), sessionId: 1 + pick(3) }))
    else if (dice < 0.45) ask(aRecharge({ keyed: true }))
    else if (dice < 0.48) sweep()
    else if (dice < 0.5) decide()
    else if (dice < 0.56 && owner !== null) {
      // Another owner takes the partition over, without this one's knowledge.
      zombies.push(owner)
      owner = ledger.takeOver(skewed())
    } else if (dice < 0.62) {
      const zombie = zombies.pop()
      if (zombie !== undefined) write(zombie, 'whole')
    } else if (queue.length > 0) {
      owner ??= ledger.takeOver(skewed())
      const end = random() < 0.35 ? (batchEnds[pick(batchEnds.length)] ?? 'whole') : 'whole'
      if (!write(owner, end)) owner = null
    }
  }
  isCalm = true
  enqueueDelayed()
  for (let round = 0; round < calmRoundsMax; round += 1) {
    if (queue.length + ledger.held().length === 0) break
    at += 1_000
    sweep()
    decide()
    owner ??= ledger.takeOver(skewed())
    for (let batch = 0; queue.length > 0 && batch < 400; batch += 1) {
      if (!write(owner, 'whole')) owner = ledger.takeOver(skewed())
    }
  }
  return { ledger, carrier, queue }
}

const accepted = (operation: Operation, acceptUntil: number): Operation =>
  ({
    ...operation,
    data: { ...operation.data, acceptUntil: new Date(acceptUntil).toISOString() },
  }) as Operation
