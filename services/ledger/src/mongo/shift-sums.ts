import type { MerchantId, ShiftReport } from '@recargas/contracts'
import type { Session } from '../domain/entities.ts'
import { shiftReport, type ShiftSum } from '../reads/shift-report.ts'
import { floatPrefix } from '../reads/statement.ts'
import type { LedgerDatabase } from './collections.ts'
import { sessionDocId, sessionOf } from './documents.ts'
import { sessionsIn } from './state.ts'
import { accountIndex, entriesFilter, readMsMax, statedSession } from './statements.ts'

/**
 * A shift added up from the journal; null for a session that does not exist. The session and its entries are read at
 * one moment: between two reads a sale could settle.
 */
export const readShiftReport = async (
  { connection, collections }: Pick<LedgerDatabase, 'connection' | 'collections'>,
  merchant: MerchantId,
  sessionId: number,
): Promise<ShiftReport | null> =>
  connection.getClient().withSession({ snapshot: true }, async (snapshot) => {
    const options = {
      session: snapshot,
      readConcern: { level: 'snapshot' },
      maxTimeMS: readMsMax,
    } as const
    const found = await sessionsIn(collections).findOne(
      { _id: sessionDocId(merchant, sessionId) },
      options,
    )
    if (found === null) return null
    const session = sessionOf(found)
    const sums = await collections.journal
      .aggregate<ShiftSum>([...shiftPipeline(session)], { ...options, hint: accountIndex })
      .toArray()
    return shiftReport(merchant, session, sums)
  })

/** First each sale by all its entries in the session, then the sums by kind, operator and direction. */
export const shiftPipeline = (session: Session) => {
  const account = statedSession(session)
  const isOfSession = {
    $and: [
      { $eq: ['$$line.account', account.id] },
      { $in: ['$$line.session', [session.id, null]] },
    ],
  }
  const isFloat = { $eq: [{ $indexOfBytes: ['$$account', floatPrefix(session.merchant)] }, 0] }
  return [
    { $match: entriesFilter(account, { from: session.idleFrom, to: session.closedAt }) },
    {
      $project: {
        kind: 1,
        topupId: 1,
        at: 1,
        line: { $first: { $filter: { input: '$lines', as: 'line', cond: isOfSession } } },
        float: { $first: { $filter: { input: '$lines.account', as: 'account', cond: isFloat } } },
      },
    },
    { $addFields: { isBefore: { $eq: ['$line.session', null] } } },
    {
      $group: {
        _id: {
          $ifNull: [
            '$topupId',
            {
              kind: '$kind',
              float: '$float',
              out: { $lt: ['$line.posted', 0] },
              isBefore: '$isBefore',
            },
          ],
        },
        topupId: { $first: '$topupId' },
        kind: { $first: '$kind' },
        float: { $first: '$float' },
        entries: { $sum: 1 },
        posted: { $sum: '$line.posted' },
        incoming: { $sum: '$line.incoming' },
        isBefore: { $max: '$isBefore' },
        isHeldHere: { $max: { $eq: ['$kind', 'reserve'] } },
        isCommitted: { $max: { $eq: ['$kind', 'commit'] } },
        entry: { $last: '$_id' },
        at: { $last: '$at' },
      },
    },
    ...sumsByKind,
  ]
}

const kindOfSum = {
  $switch: {
    branches: [
      { case: { $and: ['$isHeldHere', '$isCommitted'] }, then: 'sale' },
      { case: { $and: ['$isHeldHere', { $gt: ['$incoming', 0] }] }, then: 'pending' },
      { case: '$isCommitted', then: 'late-sale' },
      { case: { $ifNull: ['$topupId', false] }, then: 'released' },
    ],
    default: '$kind',
  },
}

const sumsByKind = [
  {
    $group: {
      _id: {
        of: kindOfSum,
        float: '$float',
        out: { $lt: ['$posted', 0] },
        isBefore: '$isBefore',
      },
      count: { $sum: { $cond: [{ $ifNull: ['$topupId', false] }, 1, '$entries'] } },
      posted: { $sum: '$posted' },
      incoming: { $sum: '$incoming' },
      entry: { $last: '$entry' },
      at: { $last: '$at' },
    },
  },
  {
    $project: {
      _id: 0,
      of: '$_id.of',
      float: { $ifNull: ['$_id.float', null] },
      isBefore: '$_id.isBefore',
      count: 1,
      posted: 1,
      incoming: 1,
      entry: 1,
      at: 1,
    },
  },
]
