import {
  assertNever,
  type Command,
  type LedgerEvent,
  type OperationAnswer,
  type OperationResult,
  type Refusal,
  type TopupView,
} from '@recargas/contracts'
import type { SealedCommand } from './command.ts'

/** What the gateway may answer of an operation. All but the last are the ledger's own word. */
export type Outcome =
  /** Settled, or still held when the wait was over. */
  | { readonly kind: 'topup'; readonly topup: TopupView }
  | { readonly kind: 'applied'; readonly result: OperationResult }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  /** Proven: it has had no effect and can have none any more. */
  | { readonly kind: 'not-accepted' }
  /** The ledger could not be heard; it may still take place. */
  | { readonly kind: 'unknown' }

const keyReused: Outcome = {
  kind: 'refused',
  refusal: { code: 'IDEMPOTENCY_KEY_REUSED', details: {} },
}

export const isSettled = ({ state }: TopupView): boolean =>
  state === 'committed' || state === 'released'

/** What an event ends, or null where it is about another body under the same id, or ends nothing. */
export const outcomeOfEvent = (sealed: SealedCommand, event: LedgerEvent): Outcome | null => {
  switch (event.type) {
    case 'TopupSettled.v1':
      return isSettled(event.data) && isSameTopup(sealed.command, event.data)
        ? { kind: 'topup', topup: event.data }
        : null
    case 'OperationApplied.v1':
      return isOfBody(sealed, event) ? { kind: 'applied', result: event.data.result } : null
    case 'FundsRefused.v1':
    case 'OperationRefused.v1': {
      const { refusal } = event.data
      if (!isOfBody(sealed, event)) return null
      if (refusal.code !== 'EXPIRED') return { kind: 'refused', refusal }
      // It may be an earlier press's copy that came too late, while ours is still good. Only when the ledger's time was
      // past our own limit is it the proof that ours was not accepted before and cannot be after.
      return Date.parse(event.time) > sealed.acceptUntil ? { kind: 'not-accepted' } : null
    }
    default:
      return assertNever(event)
  }
}

/** A command's id names operation and body: a repeat of the same body shares it and gets the same answer. */
const isOfBody = ({ command }: SealedCommand, { causationid }: LedgerEvent): boolean =>
  causationid === command.id

/** What the ledger's answer about the id means for this body. Null: it has nothing to say yet. */
export const outcomeOfAnswer = (sealed: SealedCommand, answer: OperationAnswer): Outcome | null => {
  switch (answer.kind) {
    case 'topup':
      return isSameTopup(sealed.command, answer.topup)
        ? { kind: 'topup', topup: answer.topup }
        : keyReused
    case 'applied':
      return isSameResult(sealed.command, answer.result)
        ? { kind: 'applied', result: answer.result }
        : keyReused
    case 'refused':
      return { kind: 'refused', refusal: answer.refusal }
    case 'absent':
      return answer.neverAccepted ? { kind: 'not-accepted' } : null
    default:
      return assertNever(answer)
  }
}

const isSameTopup = (command: Command, topup: TopupView): boolean => {
  if (command.type !== 'RequestTopup.v1' && command.type !== 'RequestBundle.v1') return false
  const { data } = command
  return (
    data.sessionId === topup.sessionId &&
    data.operator === topup.operator &&
    data.number === topup.number &&
    isSameGoods(command, topup)
  )
}

/** A bundle is itself at any price: that is the carrier's, and may have changed between two presses. */
const isSameGoods = (
  command: Extract<Command, { type: 'RequestTopup.v1' | 'RequestBundle.v1' }>,
  { bundle, amount }: TopupView,
): boolean => {
  if (command.type === 'RequestTopup.v1') {
    return bundle === undefined && command.data.amount === amount
  }
  const asked = command.data.bundle
  return bundle?.provider === asked.provider && bundle.code === asked.code
}

/** Whether the result can be of this body; what a view does not show, such as remarks, is not compared. */
const isSameResult = (command: Command, result: OperationResult): boolean => {
  switch (command.type) {
    case 'RequestTopup.v1':
    case 'RequestBundle.v1':
      return false
    case 'InjectFloat.v1':
      return (
        result.kind === 'injection' &&
        result.injection.sessionId === command.data.sessionId &&
        result.injection.operator === command.data.operator &&
        result.injection.amount === command.data.amount
      )
    case 'OpenSession.v1':
      return (
        result.kind === 'session' &&
        result.session.state === 'open' &&
        result.session.cajaId === command.data.cajaId &&
        result.session.userId === command.data.userId
      )
    case 'CloseSession.v1':
      return (
        result.kind === 'session' &&
        result.session.id === command.data.sessionId &&
        result.session.counted === command.data.counted
      )
    case 'MoveDrawer.v1':
      return (
        result.kind === 'movement' &&
        result.movement.sessionId === command.data.sessionId &&
        result.movement.direction === command.data.direction &&
        result.movement.amount === command.data.amount &&
        result.movement.reason === command.data.reason
      )
    case 'CreateCaja.v1':
      return (
        result.kind === 'caja' &&
        result.caja.name === command.data.name &&
        result.caja.specialty === command.data.specialty &&
        result.caja.balance === command.data.balance
      )
    case 'ChangeCaja.v1':
      return result.kind === 'caja' && result.caja.id === command.data.cajaId
    case 'ResolveTopup.v1':
      return result.kind === 'resolution' && result.topupId === command.data.topupId
    default:
      return assertNever(command)
  }
}
