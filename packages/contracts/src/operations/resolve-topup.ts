import { z } from 'zod'
import { OperationId } from '../ids.ts'
import { DecisionResult } from '../views.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** Settles a top-up that no machine could settle. The log keeps the person, the evidence and the note. */
export const resolveTopup = declareOperation({
  kind: 'ResolveTopup',
  schema: z.strictObject({
    ...shopPress,
    topupId: OperationId,
    result: DecisionResult,
    evidence: z.string().min(1).max(500),
    note: z.string().min(1).max(2_000),
    /** A second person must decide the same before it counts. */
    fourEyes: z.boolean(),
    /** The word of the person who carries the sale out, before any review. */
    confirmation: z.literal(true).optional(),
  }),
  payload: z.strictObject({
    topupId: z.string(),
    result: z.string(),
    evidence: z.string(),
    note: z.string(),
  }),
  result: z.strictObject({
    kind: z.literal('resolution'),
    topupId: OperationId,
    state: z.enum(['awaiting-second-person', 'closing']),
  }),
  refusals: [
    'TOPUP_UNKNOWN',
    'TOPUP_NOT_IN_REVIEW',
    'TOPUP_NOT_CONFIRMABLE',
    'DECISION_NEEDS_ANOTHER_PERSON',
    'DECISION_DIFFERS',
  ],
  entry: { kind: 'decide', statement: null, shift: null },
})
export type ResolveTopup = z.infer<typeof resolveTopup.schema>
