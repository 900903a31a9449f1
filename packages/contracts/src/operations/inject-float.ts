import { z } from 'zod'
import { OperatorName, SequenceId } from '../ids.ts'
import { Money } from '../money.ts'
import { InjectionView } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Float bought with drawer cash. */
export const injectFloat = declareOperation({
  kind: 'InjectFloat',
  schema: z.strictObject({
    ...shopPress,
    sessionId: SequenceId,
    operator: OperatorName,
    amount: Money.refine((amount) => amount > 0),
  }),
  payload: z.strictObject({ operator: z.string(), amount: z.number(), sessionId: z.number() }),
  result: z.strictObject({ kind: z.literal('injection'), injection: InjectionView }),
  refusals: [
    'SESSION_NOT_OPEN',
    'SESSION_OF_ANOTHER',
    'CURRENCY_MISMATCH',
    'DUPLICATE_SUSPECTED',
    'INSUFFICIENT_DRAWER',
  ],
  entry: {
    kind: 'inject',
    statement: 'injection',
    shift: { in: 'injection', out: 'injection' },
  },
})
export type InjectFloat = z.infer<typeof injectFloat.schema>
