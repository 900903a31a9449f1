import { z } from 'zod'
import { partitionCount } from './ids.ts'
import { envelopeOf } from './envelope.ts'

/** Asks the consumer of a partition's queue to take the partition over: no instance projects it or repeats its held sales. */
export const WakeMessage = envelopeOf(
  'Wake.v1',
  z.strictObject({
    partition: z
      .int()
      .min(0)
      .max(partitionCount - 1),
  }),
)
export type WakeMessage = z.infer<typeof WakeMessage>
