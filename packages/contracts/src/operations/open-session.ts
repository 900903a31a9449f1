import { z } from 'zod'
import { SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { SessionResult } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Opens a session of a caja for a cashier, with the cash that was counted. */
export const openSession = declareOperation({
  kind: 'OpenSession',
  schema: z.strictObject({
    ...shopPress,
    cajaId: SequenceId,
    userId: z.string().min(1).max(64),
    /**
     * Cash counted in the drawer, with that of pending sales; absent: not counted, the session opens with the drawer's balance.
     */
    declared: Money.optional(),
    remarks: z.string().max(2_000).optional(),
  }),
  payload: z.strictObject({
    cajaId: z.number(),
    userId: z.string(),
    declared: z.number().nullable(),
    counted: z.number().nullable(),
    remarks: z.string().nullable(),
  }),
  result: SessionResult,
  refusals: [
    'CAJA_NOT_FOUND',
    'USER_HAS_OPEN_SESSION',
    'CAJA_HAS_OPEN_SESSION',
    'CURRENCY_MISMATCH',
    'OPENING_COUNT_DIFFERS',
  ],
  entry: { kind: 'open-session', statement: 'opening', shift: null },
})
export type OpenSession = z.infer<typeof openSession.schema>
