import { z } from 'zod'
import { SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { CountedNotes, SessionResult } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Closes a session with the cash that was counted; the difference is booked as over or short. */
export const closeSession = declareOperation({
  kind: 'CloseSession',
  schema: z.strictObject({
    ...shopPress,
    sessionId: SequenceId,
    counted: Money,
    /** Closing with reservations open is refused unless the cashier accepts that they settle later. */
    acceptPending: z.boolean(),
    /** They add up to `counted`. */
    countedNotes: z.array(CountedNotes).max(50).optional(),
    differenceReason: z.string().min(1).max(500).optional(),
    remarks: z.string().max(2_000).optional(),
  }),
  payload: z.strictObject({
    sessionId: z.number(),
    counted: z.number(),
    acceptPending: z.boolean(),
    /** Everything else that the till sent, the notes and the reason included. */
    remarks: z.string().nullable(),
  }),
  result: SessionResult,
  refusals: [
    'SESSION_NOT_FOUND',
    'SESSION_OF_ANOTHER',
    'SESSION_ALREADY_CLOSED',
    'SESSION_HAS_PENDING',
    'COUNT_NEEDS_REASON',
    'CURRENCY_MISMATCH',
  ],
  entry: { kind: 'close-session', statement: 'closing', shift: null },
})
export type CloseSession = z.infer<typeof closeSession.schema>
