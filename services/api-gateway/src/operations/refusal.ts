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
  /** null: nothing of it was ever published, and no id will ever lead to it. */
  readonly operationId: OperationId | null
}

const symbols = { BOB: 'Bs.', COP: '$' } as const satisfies Record<Currency, string>

/** The ledger's refusal in the words and decimals of the POS. */
export const refusalProblem = (refused: Refused): Problem => {
  const { refusal, operationId, currency } = refused
  // Late: nothing took place and nothing can, whatever the key.
  if (refusal.code === 'EXPIRED') {
    return new Problem('NOT_ACCEPTED', {}, { members: { id_transaccion: operationId } })
  }
  return new Problem(refusal.code, factsOf(refused), {
    members: {
      ...(operationId === null ? {} : { id_transaccion: operationId }),
      ...membersBy[refusal.code]?.(refusal.details, currency),
    },
  })
}

const factsOf = ({ refusal: { details }, operation, currency }: Refused): Facts => {
  const { available, price, state, result, of, max } = details
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
    ...(typeof price === 'number' ? { price: formatDecimal(price, currency) } : {}),
    ...amountsOf(details, currency),
    ...(of === 'amount' && typeof max === 'number' ? { max: formatDecimal(max, currency) } : {}),
    ...(state === undefined ? {} : { state: wordOf(state) }),
    ...(result === undefined ? {} : { result: decisionWordOf(result) }),
  }
}

const amountNames = ['pending', 'balance', 'counted', 'inDrawer'] as const

const amountsOf = (details: RefusalDetails, currency: Currency): Facts =>
  Object.fromEntries(
    amountNames.flatMap((name) => {
      const amount = details[name]
      return typeof amount === 'number' ? [[name, formatDecimal(amount, currency)]] : []
    }),
  )

type Members = Readonly<Record<string, unknown>>

/** Members of the body beside the sentence: the sale that this one resembles, the price now. */
const membersBy: Partial<
  Readonly<Record<Refusal['code'], (details: RefusalDetails, currency: Currency) => Members>>
> = {
  DUPLICATE_SUSPECTED: (details) => ({
    operacion_anterior: {
      id: details['id'] ?? null,
      id_transaccion: earlierIdOf(details),
      estado: wordOf(details['state'] ?? ''),
    },
  }),
  CAJA_NOT_EMPTY: ({ balance, pending }, currency) => ({
    saldo: toDecimalNumber(Number(balance), currency),
    pendiente: toDecimalNumber(Number(pending), currency),
  }),
  OPENING_COUNT_DIFFERS: ({ counted, inDrawer }, currency) => ({
    contado: toDecimalNumber(Number(counted), currency),
    esperado: toDecimalNumber(Number(inDrawer), currency),
  }),
  BUNDLE_PRICE_CHANGED: ({ price }, currency) => ({
    precio: toDecimalNumber(Number(price), currency),
  }),
}

const earlierIdOf = (details: RefusalDetails) =>
  details['topupId'] ?? details['operationId'] ?? null

const wordOf = (state: string | number): string =>
  Object.hasOwn(stateWords, state) ? stateWords[state as TopupState] : String(state)

const decisionWordOf = (result: string | number): string =>
  Object.hasOwn(decisionWords, result)
    ? decisionWords[result as keyof typeof decisionWords]
    : String(result)
