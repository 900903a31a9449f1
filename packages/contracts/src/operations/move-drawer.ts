import { z } from 'zod'
import { SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { MovementView } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

const inOrOut = { in: 'cash-in', out: 'cash-out' } as const

/** Cash put into or taken out of a drawer for a reason other than a sale or an injection. */
export const moveDrawer = declareOperation({
  kind: 'MoveDrawer',
  schema: z.strictObject({
    ...shopPress,
    sessionId: SequenceId,
    direction: z.enum(['in', 'out']),
    amount: Money.refine((amount) => amount > 0),
    reason: z.string().min(1).max(500),
  }),
  payload: z.strictObject({
    sessionId: z.number(),
    direction: z.enum(['in', 'out']),
    amount: z.number(),
    reason: z.string(),
  }),
  result: z.strictObject({ kind: z.literal('movement'), movement: MovementView }),
  refusals: [
    'SESSION_NOT_FOUND',
    'SESSION_OF_ANOTHER',
    'SESSION_ALREADY_CLOSED',
    'CURRENCY_MISMATCH',
    'INSUFFICIENT_DRAWER',
  ],
  entry: { kind: 'move-drawer', statement: inOrOut, shift: inOrOut },
})
export type MoveDrawer = z.infer<typeof moveDrawer.schema>
