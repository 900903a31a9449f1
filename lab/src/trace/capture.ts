import { exchanges, sharedTopology } from '@recargas/contracts'
import { z } from 'zod'
import { envelopesIn, withCopies } from '../runner/broker.ts'

const Captured = z.looseObject({
  type: z.string(),
  subject: z.string(),
  correlationid: z.string(),
})
export type Captured = z.infer<typeof Captured>

const { command, event, dead } = exchanges
const waitingMax = 200_000
const bindings = [
  ...sharedTopology.bindings.filter(({ exchange }) => exchange === command),
  { exchange: event, routingKey: '#' },
  { exchange: dead, routingKey: '' },
]

/** Listens beside the services. @param use of every command, job, verdict and event since, in order of arrival */
export const captureMessages = <Result>(
  amqpUrl: string,
  use: (messages: () => readonly Captured[]) => Promise<Result>,
): Promise<Result> =>
  withCopies(amqpUrl, bindings, waitingMax, (copies) =>
    use(() =>
      copies.flatMap(({ content }) =>
        envelopesIn(content).map((envelope) => Captured.parse(envelope)),
      ),
    ),
  )
