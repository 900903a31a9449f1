import {
  formatDecimal,
  toDecimalNumber,
  type Command,
  type Currency,
  type OperationId,
  type Refusal,
  type RefusalDetails,
  type TopupState,
} from '@recargas/contracts'
import { Problem } from '../edge/problem.ts'
import type { Facts } from '../edge/problem-row.ts'
import { decisionWords, stateWords } from '../edge/words.ts'

export type Refused = {
  readonly refusal: Refusal
  readonly operation: Command['type']
  readonly currency: Currency
  readonly operationId: OperationId
}

const symbols = { BOB: 'Bs.', COP: '$' } as const satisfies Record<Currency, string>

/** The ledger's refusal in the words and decimals of the POS. */
export const refusalProblem = (refused: Refused): Problem => {
  const { refusal, operationId } = refused
  // Late: nothing took place and nothing can, whatever the key.
  if (refusal.code === 'EXPIRED') {
    return new Problem('NOT_ACCEPTED', {}, { members: { id_transaccion: operationId } })
  }
  return new Problem(refusal.code, factsOf(refused), {
    members: { id_transaccion: operationId, ...membersOf(refusal) },
  })
}

const factsOf = ({ refusal: { details }, operation, currency }: Refused): Facts => {
  const { available, pending, state, result, of, max } = details
  return {
    ...details,
    operation,
    symbol: symbols[currency],
    ...(typeof available === 'number'
      ? {
          available: formatDecimal(available, currency),
          availableShort: toDecimalNumber(available, currency),
        }
      : {}),
    ...(typeof pending === 'number' ? { pending: formatDecimal(pending, currency) } : {}),
    ...(of === 'amount' && typeof max === 'number' ? { max: formatDecimal(max, currency) } : {}),
    ...(state === undefined ? {} : { state: wordOf(state) }),
    ...(result === undefined ? {} : { result: decisionWordOf(result) }),
  }
}

/** A suspected duplicate names the sale it resembles, so that the POS can show it. */
const membersOf = ({ code, details }: Refusal): Readonly<Record<string, unknown>> => {
  if (code !== 'DUPLICATE_SUSPECTED') return {}
  return {
    operacion_anterior: {
      id: details['id'] ?? null,
      id_transaccion: earlierIdOf(details),
      estado: wordOf(details['state'] ?? ''),
    },
  }
}

const earlierIdOf = (details: RefusalDetails) =>
  details['topupId'] ?? details['operationId'] ?? null

const wordOf = (state: string | number): string =>
  Object.hasOwn(stateWords, state) ? stateWords[state as TopupState] : String(state)

const decisionWordOf = (result: string | number): string =>
  Object.hasOwn(decisionWords, result)
    ? decisionWords[result as keyof typeof decisionWords]
    : String(result)
