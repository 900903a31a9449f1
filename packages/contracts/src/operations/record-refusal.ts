import { z } from 'zod'
import { OperatorName } from '../ids.ts'
import { GatewayRefusal } from '../refusals.ts'
import { press } from './press.ts'
import { OperationKind } from './registry.ts'

/**
 * A press with a key that the gateway refuses, by the catalogue or because nothing new may begin now. An operation that is
 * known under the id keeps its own outcome. Any other is refused by this, for ever.
 */
export const RecordRefusal = z.strictObject({
  ...press,
  operation: OperationKind,
  /** The cashier saw the earlier sale and sells again. */
  confirmDuplicate: z.boolean(),
  /** The sale's operator, if the shop sells it, by which refused sales are counted. */
  operator: OperatorName.optional(),
  refusal: GatewayRefusal,
})
export type RecordRefusal = z.infer<typeof RecordRefusal>
