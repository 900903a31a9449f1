import type { AttemptSummary, CarrierVerdictMessage } from '@recargas/contracts'
import type { Attempt, Topup } from '../domain/topup.ts'

const attemptsMax = 200

type Circumstances = {
  readonly correlationId: string
  readonly now: Date
  /** When asking again can bring something new; until then the ledger counts the wait as progress. */
  readonly nextAt: Date | null
  /** No attempt runs, and none will ever start. */
  readonly closed: boolean
}

/** The verdict over all attempts so far, as the ledger hears it. The id is the same whenever the same is said again. */
export const carrierVerdict = (
  topup: Topup,
  { correlationId, now, nextAt, closed }: Circumstances,
): CarrierVerdictMessage => {
  const verdict = topup.verdict ?? 'pending'
  const { invalid } = topup.attempts.at(-1)?.answer ?? {}
  const differs = differsOf(topup)
  return {
    specversion: '1.0',
    id: `${topup.topupId}:verdict:${topup.attempts.length}:${verdict}${closed ? ':closed' : ''}`,
    source: 'carrier-adapter',
    type: 'CarrierVerdict.v1',
    subject: topup.topupId,
    time: now.toISOString(),
    correlationid: correlationId,
    data: {
      topupId: topup.job.topupId,
      merchant: topup.job.merchant,
      verdict,
      attempts: topup.attempts.slice(-attemptsMax).map(summaryOf),
      ...(nextAt === null ? {} : { nextAt: nextAt.toISOString() }),
      ...(closed ? { closed } : {}),
      ...(verdict === 'invalid' && invalid !== undefined ? { invalid } : {}),
      ...(verdict === 'not-sent' && topup.withheld !== undefined
        ? { withheld: topup.withheld }
        : {}),
      ...(verdict === 'authorized' && differs !== undefined ? { differs: [...differs] } : {}),
    },
  }
}

/** The fields that the answer which authorized the sale repeats otherwise than they were sent. */
const differsOf = ({ attempts }: Topup) =>
  attempts.find(({ answer }) => answer?.proves === 'authorized')?.answer?.differs

const summaryOf = ({ attempt, lookup, startedAt, answer }: Attempt): AttemptSummary => ({
  attempt,
  ...(lookup === undefined ? {} : { lookup }),
  startedAt: startedAt.toISOString(),
  observed: answer?.observed ?? 'no answer recorded',
  ...(answer === null ? {} : { endedAt: answer.endedAt.toISOString(), row: answer.row }),
  ...(answer?.ambiguous === true ? { unclear: true } : {}),
  ...(answer?.httpStatus === undefined ? {} : { httpStatus: answer.httpStatus }),
  ...(answer?.carrierStatus === undefined ? {} : { carrierStatus: answer.carrierStatus }),
  ...(answer?.resultCode === undefined ? {} : { resultCode: answer.resultCode }),
})
