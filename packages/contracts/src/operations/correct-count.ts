import { z } from 'zod'
import { SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { SessionResult } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Puts a mistyped closing count right. The session's own figures stay; the difference between the counts is over or short. */
export const correctCount = declareOperation({
  kind: 'CorrectCount',
  schema: z.strictObject({
    ...shopPress,
    sessionId: SequenceId,
    /** The cash that was really counted at the closing, with that of pending sales. */
    counted: Money,
    reason: z.string().min(1).max(500),
  }),
  payload: z.strictObject({ sessionId: z.number(), counted: z.number(), reason: z.string() }),
  result: SessionResult,
  refusals: [
    'SESSION_NOT_FOUND',
    'SESSION_NOT_CLOSED',
    'CAJA_NOT_FOUND',
    'CAJA_CLOSED_SINCE',
    'CAJA_COUNTED_SINCE',
    'COUNT_TOO_OLD',
    'COUNT_UNCHANGED',
    'COUNT_CORRECTED_TOO_OFTEN',
    'CURRENCY_MISMATCH',
  ],
  entry: {
    kind: 'correct-count',
    statement: 'correction',
    shift: { in: 'correction-in', out: 'correction-out', before: 'correction-before' },
  },
})
export type CorrectCount = z.infer<typeof correctCount.schema>
