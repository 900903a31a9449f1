import { z } from 'zod'

/** Nothing longer travels: RabbitMQ 4 allows 16 MiB, one envelope of ours needs a few hundred bytes. */
export const envelopeBytesMax = 64 * 1024

/** Envelopes that travel in one AMQP message at most, when several of a partition wait anyway. */
export const envelopesPerMessageMax = 128

/**
 * A message of the system: CloudEvents 1.0, structured mode, so that queues, quarantine and replay keep one
 * self-contained body. `id` is deterministic: the same step published again has the same id.
 */
export const envelopeOf = <Type extends string, Data extends z.ZodType>(type: Type, data: Data) =>
  z.strictObject({
    specversion: z.literal('1.0'),
    id: z.string().min(1).max(200),
    source: z.string().min(1).max(100),
    type: z.literal(type),
    subject: z.string().min(1).max(200),
    time: z.iso.datetime(),
    /** Id of the till's request, shared by every message that it caused. */
    correlationid: z.string().min(1).max(200),
    /** The id of the message that this one answers, if a request waits for it. */
    causationid: z.string().min(1).max(200).optional(),
    data,
  })

export type Envelope<Type extends string, Data> = {
  specversion: '1.0'
  id: string
  source: string
  type: Type
  subject: string
  time: string
  correlationid: string
  causationid?: string | undefined
  data: Data
}
