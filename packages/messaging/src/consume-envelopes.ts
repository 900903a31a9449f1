import type { createQueueMetrics } from '@recargas/runtime'
import { z } from 'zod'
import type { Broker } from './broker.ts'
import type { Subscription } from './consumer.ts'
import type { Consumption } from './deliver.ts'

type Envelopes<Message> = Omit<Consumption<Message>, 'parse'> & {
  readonly schema: z.ZodType<Message>
  /** The queue's name in the metrics, where its own holds the id of an instance. */
  readonly metricsName?: string
}

/** Consumes a queue of one schema, measured. An envelope that the schema refuses is dead-lettered with its faults. */
export const consumeEnvelopes = <Message>(
  broker: Pick<Broker, 'consume'>,
  measured: ReturnType<typeof createQueueMetrics>,
  { schema, metricsName, isTraced, ...consumption }: Envelopes<Message>,
): Promise<Subscription> =>
  broker.consume({
    ...measured(
      {
        ...consumption,
        parse: (value: unknown) => {
          const parsed = schema.safeParse(value)
          return parsed.success
            ? { ok: true, message: parsed.data }
            : { ok: false, reason: z.prettifyError(parsed.error) }
        },
      },
      metricsName,
    ),
    ...(isTraced === undefined ? {} : { isTraced }),
  })
