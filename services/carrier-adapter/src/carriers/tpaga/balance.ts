import { assertNever } from '@recargas/contracts'
import type { AnswerBody } from '../../domain/call-result.ts'
import type { CallResult } from '../../domain/call-result.ts'
import { startClock, type ProbeResult } from './calls.ts'
import type { CarrierObserver } from '../../domain/carrier-calls.ts'
import type { CarrierClient } from './client.ts'

const balancePath = '/merchant/balance'

type Client = Pick<CarrierClient, 'call'>

/** Reads the merchant's balance: it costs nothing and takes the same way as a sale. */
export const probeBalance = async (
  client: Client,
  { called }: Pick<CarrierObserver, 'called'>,
): Promise<ProbeResult> => {
  const stop = startClock()
  const callResult = await client.call({ method: 'GET', path: balancePath })
  const result = judgeProbe(callResult)
  called({ operation: 'balance', callResult, result: result.kind, seconds: stop() })
  return result
}

export type Balance = { readonly balance: number; readonly maxLoanAmount: number }

/** The merchant's balance at the carrier; null where the carrier gives none. */
export const readBalance = async (
  client: Client,
  { called }: Pick<CarrierObserver, 'called'>,
): Promise<Balance | null> => {
  const stop = startClock()
  const callResult = await client.call({ method: 'GET', path: balancePath })
  const isAnswer = callResult.kind === 'answer' && isSuccess(callResult.httpStatus)
  const balance = isAnswer ? balanceOf(callResult.body) : null
  const result = balance === null ? 'bad' : 'good'
  called({ operation: 'balance', callResult, result, seconds: stop() })
  return balance
}

/** Whole numbers only: a decimal is another unit than the one that reconciliation compares. */
const balanceOf = (body: AnswerBody): Balance | null => {
  const balance = fieldOf(body, 'balance')
  const maxLoanAmount = fieldOf(body, 'max_loan_amount')
  if (!Number.isSafeInteger(balance) || !Number.isSafeInteger(maxLoanAmount)) return null
  if (Number(maxLoanAmount) < 0) return null
  return { balance: Number(balance), maxLoanAmount: Number(maxLoanAmount) }
}

const judgeProbe = (callResult: CallResult): ProbeResult => {
  switch (callResult.kind) {
    case 'not-sent':
    case 'transport-error':
    case 'timeout':
      return { kind: 'bad' }
    case 'answer': {
      const { httpStatus, body } = callResult
      if (httpStatus === 401 || httpStatus === 403 || (httpStatus >= 300 && httpStatus < 400)) {
        return { kind: 'misconfigured', observed: `${httpStatus} at the balance` }
      }
      const isBalance = isSuccess(httpStatus) && fieldOf(body, 'balance') !== undefined
      return { kind: isBalance ? 'good' : 'bad' }
    }
    default:
      return assertNever(callResult)
  }
}

const isSuccess = (httpStatus: number): boolean => httpStatus >= 200 && httpStatus < 300

const fieldOf = (body: AnswerBody, name: string): unknown =>
  body.kind === 'json' &&
  typeof body.value === 'object' &&
  body.value !== null &&
  Object.hasOwn(body.value, name)
    ? (body.value as Record<string, unknown>)[name]
    : undefined
