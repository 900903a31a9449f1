import type { AttemptSummary, CarrierVerdictMessage } from '@recargas/contracts'
import type { Attempt, SaleRecord } from '../domain/sale.ts'

const attemptsMax = 200

type Circumstances = {
  readonly correlationId: string
  readonly now: Date
  /** Time of the next step that can bring something new; until then the ledger counts the wait as progress. */
  readonly nextAt: Date | null
  /** No attempt runs, and none will ever start. */
  readonly closed: boolean
}

/** The verdict over all attempts so far, for the ledger. The same verdict has the same id whenever it is published. */
export const verdictMessage = (
  sale: SaleRecord,
  { correlationId, now, nextAt, closed }: Circumstances,
): CarrierVerdictMessage => {
  const verdict = sale.verdict ?? 'pending'
  const { invalid } = sale.attempts.at(-1)?.answer ?? {}
  const differs = differsOf(sale)
  return {
    specversion: '1.0',
    id: `${sale.topupId}:verdict:${sale.attempts.length}:${verdict}${closed ? ':closed' : ''}`,
    source: 'carrier-adapter',
    type: 'CarrierVerdict.v1',
    subject: sale.topupId,
    time: now.toISOString(),
    correlationid: correlationId,
    data: {
      topupId: sale.job.topupId,
      merchant: sale.job.merchant,
      verdict,
      attempts: sale.attempts.slice(-attemptsMax).map(summaryOf),
      ...(nextAt === null ? {} : { nextAt: nextAt.toISOString() }),
      ...(closed ? { closed } : {}),
      ...(verdict === 'invalid' && invalid !== undefined ? { invalid } : {}),
      ...(verdict === 'not-sent' && sale.withheld !== undefined ? { withheld: sale.withheld } : {}),
      ...(verdict === 'authorized' && differs !== undefined ? { differs: [...differs] } : {}),
    },
  }
}

/** The fields in which the authorizing answer differs from the request. */
const differsOf = ({ attempts }: SaleRecord) =>
  attempts.find(({ answer }) => answer?.proves === 'authorized')?.answer?.differs

const summaryOf = ({ attempt, lookup, startedAt, answer }: Attempt): AttemptSummary => ({
  attempt,
  ...(lookup === undefined ? {} : { lookup }),
  startedAt: startedAt.toISOString(),
  observed: answer?.observed ?? 'no answer recorded',
  ...(answer === null
    ? {}
    : {
        endedAt: answer.endedAt.toISOString(),
        ...(answer.row === undefined ? {} : { row: answer.row }),
      }),
  ...(answer?.ambiguous === true ? { unclear: true } : {}),
  ...(answer?.httpStatus === undefined ? {} : { httpStatus: answer.httpStatus }),
  ...(answer?.carrierStatus === undefined ? {} : { carrierStatus: answer.carrierStatus }),
  ...(answer?.resultCode === undefined ? {} : { resultCode: answer.resultCode }),
  ...(answer?.reference === undefined ? {} : { reference: answer.reference }),
  ...(answer?.cost === undefined ? {} : { cost: answer.cost }),
})
