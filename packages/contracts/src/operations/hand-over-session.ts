import { z } from 'zod'
import { SessionView } from '../views.ts'
import { closeSession } from './close-session.ts'
import { declareOperation } from './operation.ts'

/** Closes a session and opens the next cashier's at the same caja with the same count, in one step. */
export const handOverSession = declareOperation({
  kind: 'HandOverSession',
  schema: closeSession.schema.extend({ nextUserId: z.string().min(1).max(64) }),
  payload: z.strictObject({
    sessionId: z.number(),
    counted: z.number(),
    acceptPending: z.boolean(),
    nextUserId: z.string(),
    remarks: z.string().nullable(),
  }),
  result: z.strictObject({
    kind: z.literal('sessions'),
    closed: SessionView,
    opened: SessionView,
  }),
  refusals: [...closeSession.refusals, 'USER_HAS_OPEN_SESSION', 'CAJA_NOT_FOUND'],
  entry: { kind: 'hand-over-session', statement: 'closing', shift: null },
})
export type HandOverSession = z.infer<typeof handOverSession.schema>
