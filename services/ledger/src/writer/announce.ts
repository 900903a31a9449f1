import { assertNever, OperationResult, RefusalDetails, refusalCodes } from '@recargas/contracts'
import { z } from 'zod'
import { isOfClient, operationApplied, operationRefused } from '../cash/announce-operation.ts'
import type { Topup } from '../domain/entities.ts'
import type { Outcome } from '../domain/operation.ts'
import { fundsReserved } from '../topups/reserve-topup.ts'
import { closeTopup } from '../topups/close-topup.ts'
import { topupSettled } from '../topups/settle-topup.ts'
import type { Intake } from './intake.ts'
import type { OutboxMessage } from './ports.ts'

/** An outcome as the journal keeps it, so that a repeat gets the first answer. Held money is named, not copied. */
const KeptOutcome = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('refused'), code: z.enum(refusalCodes), details: RefusalDetails }),
  z.object({ kind: z.literal('applied'), result: OperationResult }),
  z.object({ kind: z.literal('topup'), state: z.string() }),
  z.object({ kind: z.literal('case-opened') }),
])

export const keepOutcome = (outcome: Outcome): string => {
  switch (outcome.kind) {
    case 'refused':
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

export const readKeptOutcome = (kept: string): z.infer<typeof KeptOutcome> =>
  KeptOutcome.parse(JSON.parse(kept))

/** What the rest of the system must hear of an outcome. */
export const announce = (
  intake: Intake,
  outcome: Outcome,
  at: number,
): readonly OutboxMessage[] => {
  const { operation } = intake
  switch (outcome.kind) {
    case 'reserved':
      return [fundsReserved(outcome.topup)]
    case 'settled':
      return [topupSettled(outcome.topup, at)]
    case 'held':
    case 'case-opened':
      return []
    case 'applied':
      return isOfClient(operation) ? [operationApplied(operation, outcome.result, intake, at)] : []
    case 'decided':
      return [
        ...(outcome.topup.decision?.isFinal === true ? [closeTopup(outcome.topup)] : []),
        ...announce(intake, { kind: 'applied', result: outcome.result }, at),
      ]
    case 'refused': {
      const { code, details } = outcome
      return isOfClient(operation)
        ? [operationRefused(operation, { code, details }, intake, at)]
        : []
    }
    default:
      return assertNever(outcome)
  }
}

/** What a repeat of a known operation hears: the first answer again, or nothing while its money is held. */
export const announceAgain = (
  intake: Intake,
  keptOutcome: string,
  topup: Topup | undefined,
  at: number,
): readonly OutboxMessage[] => {
  const kept = readKeptOutcome(keptOutcome)
  switch (kept.kind) {
    case 'refused':
    case 'applied':
    case 'case-opened':
      return announce(intake, kept, at)
    case 'topup':
      return topup === undefined || topup.state === 'reserved' || topup.state === 'in-review'
        ? []
        : [topupSettled(topup, at)]
    default:
      return assertNever(kept)
  }
}

/** Refusals that leave no trace: the id was used with another body, or the request came too late. */
export const announceUnjournalled = (
  intake: Intake,
  code: 'IDEMPOTENCY_KEY_REUSED' | 'EXPIRED',
  at: number,
): readonly OutboxMessage[] =>
  isOfClient(intake.operation)
    ? [operationRefused(intake.operation, { code, details: {} }, intake, at)]
    : []
