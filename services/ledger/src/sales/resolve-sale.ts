import type { ResolveTopup } from '@recargas/contracts'
import { createEntryBuilder, frameOf, refuse } from '../accounting/entry-builder.ts'
import type { Decision, Topup } from '../accounting/entities.ts'
import { refused, type Refused, type Slice } from '../accounting/operation.ts'

/**
 * Keeps a person's word on a sale: in review, or where that person carries it out. It moves no money: that waits until
 * the adapter has acknowledged that no attempt runs and none can start.
 */
export const resolveSale: Slice<ResolveTopup> = (view, request, { at }) => {
  const builder = createEntryBuilder(view, at)
  const { merchant, topupId } = request
  const frame = frameOf('decide', request)
  const topup = view.topup(topupId)
  if (topup?.merchant !== merchant) return refuse(builder, frame, 'TOPUP_UNKNOWN', { topupId })
  const about = { ...frame, topupId, sessionId: topup.sessionId }
  const outcomeOf = (decided: Topup) => {
    const isFinal = decided.decision?.isFinal === true
    const state = isFinal ? ('closing' as const) : ('awaiting-second-person' as const)
    const result = { kind: 'resolution', topupId, state } as const
    return { kind: 'decided', topup: decided, result } as const
  }
  if (isRepeated(topup, request)) return builder.finish(about, outcomeOf(topup))
  const check = checkDecision(topup, request)
  if (check.kind === 'refused') return builder.finish(about, check)

  const decision = decisionOf(topup.decision, request, at)
  const decided: Topup = { ...topup, decision, updatedAt: at, progressAt: at }
  builder.putTopup(decided)
  return builder.finish(about, outcomeOf(decided))
}

type Check = { readonly kind: 'ok' } | Refused

/** A sale that its catalogue row leaves to a person is confirmed by that person until it goes in review. */
const checkConfirmation = ({ number, terms, state, decision }: Topup): Check =>
  terms?.['confirmation'] === 'person' && state === 'reserved' && decision === null
    ? { kind: 'ok' }
    : refused('TOPUP_NOT_CONFIRMABLE', {
        id: number,
        state: decision !== null && state === 'reserved' ? 'closing' : state,
      })

/** The same word again changes nothing: it is answered like the first. */
const isRepeated = ({ decision }: Topup, { confirmation, result, evidence }: ResolveTopup) =>
  confirmation === true &&
  decision?.isFinal === true &&
  decision.result === result &&
  decision.evidence === evidence

const checkDecision = (topup: Topup, request: ResolveTopup): Check => {
  if (request.confirmation === true) return checkConfirmation(topup)
  if (topup.state !== 'in-review' || topup.decision?.isFinal === true) {
    const state = topup.state === 'in-review' ? 'closing' : topup.state
    return refused('TOPUP_NOT_IN_REVIEW', { id: topup.number, state })
  }
  const proposed = topup.decision
  if (proposed === null || !request.fourEyes) return { kind: 'ok' }
  const { result, by } = proposed
  const isSamePerson = by.userId === request.actor.userId
  // Whoever proposed may think again; only somebody else can confirm.
  if (isSamePerson && result === request.result) {
    return refused('DECISION_NEEDS_ANOTHER_PERSON', { by: by.userId })
  }
  if (!isSamePerson && result !== request.result) {
    return refused('DECISION_DIFFERS', { by: by.userId, result })
  }
  return { kind: 'ok' }
}

const decisionOf = (
  proposed: Decision | null,
  { operationId, result, evidence, note, actor, fourEyes }: ResolveTopup,
  at: number,
): Decision => {
  const isConfirmation =
    fourEyes &&
    proposed !== null &&
    proposed.by.userId !== actor.userId &&
    proposed.result === result
  return isConfirmation
    ? { ...proposed, confirmedBy: actor, confirmedAt: at, isFinal: true }
    : {
        operationId,
        result,
        evidence,
        note,
        by: actor,
        at,
        confirmedBy: null,
        confirmedAt: null,
        isFinal: !fourEyes,
      }
}
