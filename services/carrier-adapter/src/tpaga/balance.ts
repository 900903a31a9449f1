import { assertNever } from '@recargas/contracts'
import type { AnswerBody } from '../domain/answer.ts'
import type { Observation } from '../domain/verdict.ts'
import { startClock, type CarrierObserver, type ProbeResult } from './calls.ts'
import type { CarrierClient } from './client.ts'

const balancePath = '/merchant/balance'

type Client = Pick<CarrierClient, 'call'>

/** Reads the merchant's balance: it costs nothing and takes the same way as a sale. */
export const probeBalance = async (
  client: Client,
  { called }: Pick<CarrierObserver, 'called'>,
): Promise<ProbeResult> => {
  const stop = startClock()
  const observation = await client.call({ method: 'GET', path: balancePath })
  const result = judgeProbe(observation)
  called({ operation: 'balance', observation, result: result.kind, seconds: stop() })
  return result
}

export type Balance = { readonly balance: number; readonly maxLoanAmount: number }

/** What the merchant has at the carrier; null where the carrier does not say it. */
export const readBalance = async (
  client: Client,
  { called }: Pick<CarrierObserver, 'called'>,
): Promise<Balance | null> => {
  const stop = startClock()
  const observation = await client.call({ method: 'GET', path: balancePath })
  const isAnswer = observation.kind === 'answer' && isSuccess(observation.httpStatus)
  const balance = isAnswer ? balanceOf(observation.body) : null
  const result = balance === null ? 'bad' : 'good'
  called({ operation: 'balance', observation, result, seconds: stop() })
  return balance
}

/** Whole numbers only: what is off by a decimal is another figure than the one we reconcile with. */
const balanceOf = (body: AnswerBody): Balance | null => {
  const balance = fieldOf(body, 'balance')
  const maxLoanAmount = fieldOf(body, 'max_loan_amount')
  if (!Number.isSafeInteger(balance) || !Number.isSafeInteger(maxLoanAmount)) return null
  if (Number(maxLoanAmount) < 0) return null
  return { balance: Number(balance), maxLoanAmount: Number(maxLoanAmount) }
}

const judgeProbe = (observation: Observation): ProbeResult => {
  switch (observation.kind) {
    case 'not-sent':
    case 'transport-error':
    case 'timeout':
      return { kind: 'bad' }
    case 'answer': {
      const { httpStatus, body } = observation
      if (httpStatus === 401 || httpStatus === 403 || (httpStatus >= 300 && httpStatus < 400)) {
        return { kind: 'misconfigured', observed: `${httpStatus} at the balance` }
      }
      const isBalance = isSuccess(httpStatus) && fieldOf(body, 'balance') !== undefined
      return { kind: isBalance ? 'good' : 'bad' }
    }
    default:
      return assertNever(observation)
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
