import { z } from 'zod'
import { OperationId } from '../ids.ts'
import { declareOperation } from './operation.ts'
import { shopPress } from './press.ts'

/** In the carrier's own unit, as its balance is told. */
const CarrierAmount = z.int().positive()
const Note = z.string().min(1).max(500)

/** The company paid into its account at the carrier. No balance of the shop moves: reconciliation expects the sum. */
export const recordRecharge = declareOperation({
  kind: 'RecordRecharge',
  schema: z.strictObject({ ...shopPress, carrierAmount: CarrierAmount, note: Note }),
  payload: z.strictObject({ carrierAmount: z.number(), note: z.string() }),
  result: z.strictObject({
    kind: z.literal('recharge'),
    recharge: z.strictObject({
      operationId: OperationId,
      carrierAmount: CarrierAmount,
      note: Note,
      by: z.string(),
      at: z.iso.datetime(),
    }),
  }),
  refusals: [],
  entry: { kind: 'record-recharge', statement: null, shift: null },
})
export type RecordRecharge = z.infer<typeof recordRecharge.schema>
