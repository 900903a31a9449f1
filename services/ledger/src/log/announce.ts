import {
  assertNever,
  Currency,
  OperationResult,
  RefusalDetails,
  refusalCodes,
  type PressRefusalCode,
  type Refusal,
} from '@recargas/contracts'
import { z } from 'zod'
import { isOfClient, operationApplied, operationRefused, type Refused } from './operation-events.ts'
import type { Topup } from '../accounting/entities.ts'
import type { Operation, Outcome } from '../accounting/operation.ts'
import { closeTopup, fundsReserved, topupSettled, type Stamp } from '../sales/sale-messages.ts'
import type { InboundOperation } from './inbound-operation.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'

/**
 * An outcome as the log keeps it, so that a repeat gets the first answer, in the currency of that time. Held money is
 * named, not copied.
 */
const StoredOutcome = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('refused'),
    code: z.enum(refusalCodes),
    details: RefusalDetails,
    currency: Currency.optional(),
  }),
  z.object({ kind: z.literal('applied'), result: OperationResult }),
  z.object({ kind: z.literal('topup'), state: z.string() }),
  z.object({ kind: z.literal('case-opened') }),
])

export const keepOutcome = (outcome: Outcome, operation: Operation): string => {
  switch (outcome.kind) {
    case 'refused':
      return JSON.stringify({ kind: 'refused', ...refusalOf(outcome, operation) })
    case 'applied':
    case 'case-opened':
      return JSON.stringify(outcome)
    case 'decided':
      return JSON.stringify({ kind: 'applied', result: outcome.result })
    case 'reserved':
    case 'settled':
    case 'held':
      return JSON.stringify({ kind: 'topup', state: outcome.topup.state })
    default:
      return assertNever(outcome)
  }
}

type RefusedOutcome = Extract<Outcome, { kind: 'refused' }>

/** A refusal with the currency that its operation was asked for in; a gateway's refusal brings its own. */
const refusalOf = ({ code, details }: RefusedOutcome, { data }: Operation): Refusal => {
  const currency = 'refusal' in data ? data.refusal.currency : currencyOf(data)
  return { code, details, ...(currency === undefined ? {} : { currency }) }
}
const currencyOf = (data: Operation['data']): Currency | undefined =>
  'currency' in data ? data.currency : undefined

export const readStoredOutcome = (kept: string): z.infer<typeof StoredOutcome> =>
  StoredOutcome.parse(JSON.parse(kept))

/** The one refusal that its own operation may still overcome. */
export const isSuspicion = (storedOutcome: string): boolean => {
  const kept = readStoredOutcome(storedOutcome)
  return kept.kind === 'refused' && kept.code === 'DUPLICATE_SUSPECTED'
}

/** Builds the messages that announce an outcome: the gateways' events and the carrier's jobs. */
export const announce = (
  inbound: InboundOperation,
  outcome: Outcome,
  stamp: Stamp,
): readonly OutgoingMessage[] => {
  const { operation } = inbound
  switch (outcome.kind) {
    case 'reserved':
      return [fundsReserved(outcome.topup)]
    case 'settled':
    case 'held':
      return [topupSettled(outcome.topup, stamp)]
    case 'case-opened':
      return []
    case 'applied':
      return isOfClient(operation)
        ? [operationApplied(operation, outcome.result, inbound, stamp)]
        : []
    case 'decided':
      return [
        ...(outcome.topup.decision?.isFinal === true ? [closeTopup(outcome.topup)] : []),
        ...announce(inbound, { kind: 'applied', result: outcome.result }, stamp),
      ]
    case 'refused':
      return announceRefusal(inbound, { refusal: refusalOf(outcome, operation) }, stamp)
    default:
      return assertNever(outcome)
  }
}

const announceRefusal = (
  inbound: InboundOperation,
  refused: Refused,
  stamp: Stamp,
): readonly OutgoingMessage[] =>
  isOfClient(inbound.operation)
    ? [operationRefused(inbound.operation, refused, inbound, stamp)]
    : []

/** Answers a repeated operation with its first outcome, or with nothing while its money is held. */
export const announceAgain = (
  inbound: InboundOperation,
  storedOutcome: string,
  topup: Topup | undefined,
  stamp: Stamp,
): readonly OutgoingMessage[] => {
  const kept = readStoredOutcome(storedOutcome)
  switch (kept.kind) {
    case 'refused': {
      const { kind: _, ...refusal } = kept
      return announceRefusal(inbound, { refusal }, stamp)
    }
    case 'applied':
    case 'case-opened':
      return announce(inbound, kept, stamp)
    case 'topup':
      return topup === undefined || topup.state === 'reserved' || topup.state === 'in-review'
        ? []
        : [topupSettled(topup, stamp)]
    default:
      return assertNever(kept)
  }
}

/** Refuses a press whose id was used with another body, or that came while sales are frozen. */
export const announcePressRefused = (
  inbound: InboundOperation,
  code: Exclude<PressRefusalCode, 'EXPIRED'>,
  stamp: Stamp,
): readonly OutgoingMessage[] => announceRefusal(inbound, { refusal: { code, details: {} } }, stamp)

/**
 * Refuses a press by time, and with it every press of its operation up to a limit.
 * @param expiredUntil the latest `acceptUntil` that is refused; not earlier than the press's own
 */
export const announceExpired = (
  inbound: InboundOperation,
  expiredUntil: number,
  stamp: Stamp,
): readonly OutgoingMessage[] =>
  announceRefusal(inbound, { refusal: { code: 'EXPIRED', details: {} }, expiredUntil }, stamp)
