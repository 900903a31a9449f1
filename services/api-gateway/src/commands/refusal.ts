import {
  formatDecimal,
  toDecimalNumber,
  type Currency,
  type OperationId,
  type OperationKind,
  type Refusal,
  type RefusalDetails,
  type TopupState,
} from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import type { Facts } from '../api/problem-row.ts'
import { decisionWords, stateWords } from '../api/words.ts'

export type Refused = {
  readonly refusal: Refusal
  readonly operation: `${OperationKind}.v1`
  /** null: nothing of it was ever published, and no id will ever lead to it. */
  readonly operationId: OperationId | null
}

/** As tills print an amount. */
export const currencySymbols = { BOB: 'Bs.', COP: '$' } as const satisfies Record<Currency, string>

/** The ledger's refusal in the words and decimals of the POS. */
export const refusalProblem = (refused: Refused): Problem => {
  const { refusal, operationId } = refused
  // Late: nothing took place and nothing can, whatever the key.
  if (refusal.code === 'EXPIRED') {
    return new Problem('NOT_ACCEPTED', {}, { members: { id_transaccion: operationId } })
  }
  return new Problem(refusal.code, factsOf(refused), {
    members: {
      ...(operationId === null ? {} : { id_transaccion: operationId }),
      ...membersBy[refusal.code]?.(refusal),
    },
  })
}

const factsOf = ({ refusal: { details, currency }, operation }: Refused): Facts => {
  const { state, result } = details
  return {
    ...details,
    operation,
    ...(currency === undefined ? {} : amountsOf(details, currency)),
    ...(state === undefined ? {} : { state: wordOf(state) }),
    ...(result === undefined ? {} : { result: decisionWordOf(result) }),
  }
}

const amountNames = ['pending', 'balance', 'counted', 'inDrawer', 'price'] as const

/** The amounts in the currency that the refused operation was asked for in, whatever the shop's is now. */
const amountsOf = (details: RefusalDetails, currency: Currency): Facts => {
  const { available, of, max } = details
  return {
    symbol: currencySymbols[currency],
    ...Object.fromEntries(
      amountNames.flatMap((name) => {
        const amount = details[name]
        return typeof amount === 'number' ? [[name, formatDecimal(amount, currency)]] : []
      }),
    ),
    ...(typeof available === 'number'
      ? {
          available: formatDecimal(available, currency),
          availableShort: toDecimalNumber(available, currency),
        }
      : {}),
    ...(of === 'amount' && typeof max === 'number' ? { max: formatDecimal(max, currency) } : {}),
  }
}

type Members = Readonly<Record<string, unknown>>

/** Members of the body beside the sentence: the sale that this one resembles, the price now. */
const membersBy: Partial<Readonly<Record<Refusal['code'], (refusal: Refusal) => Members>>> = {
  DUPLICATE_SUSPECTED: ({ details }) => ({
    operacion_anterior: {
      id: details['id'] ?? null,
      id_transaccion: earlierIdOf(details),
      estado: wordOf(details['state'] ?? ''),
    },
  }),
  CAJA_NOT_EMPTY: ({ details: { balance, pending }, currency }) => ({
    saldo: decimalOf(balance, currency),
    pendiente: decimalOf(pending, currency),
  }),
  OPENING_COUNT_DIFFERS: ({ details: { counted, inDrawer }, currency }) => ({
    contado: decimalOf(counted, currency),
    esperado: decimalOf(inDrawer, currency),
  }),
  BUNDLE_PRICE_CHANGED: ({ details: { price }, currency }) => ({
    precio: decimalOf(price, currency),
  }),
}

/** Whoever names an amount names its currency too. */
const decimalOf = (amount: string | number | undefined, currency: Currency | undefined) =>
  typeof amount === 'number' && currency !== undefined ? toDecimalNumber(amount, currency) : null

const earlierIdOf = (details: RefusalDetails) =>
  details['topupId'] ?? details['operationId'] ?? null

const wordOf = (state: string | number): string =>
  Object.hasOwn(stateWords, state) ? stateWords[state as TopupState] : String(state)

const decisionWordOf = (result: string | number): string =>
  Object.hasOwn(decisionWords, result)
    ? decisionWords[result as keyof typeof decisionWords]
    : String(result)
