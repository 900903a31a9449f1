import { gatewayTopology } from '@recargas/contracts'
import { connectServiceBroker, createLedgerPublisher, type Broker } from '@recargas/messaging'
import type { Log, Tracer } from '@recargas/runtime'
import type { Publish } from './commands/send-and-await.ts'
import type { GatewaySettings } from './config.ts'

type Instance = {
  readonly instance: string
  readonly log: Log
  readonly tracer: Tracer | null
}

/** Connects with a queue of this instance's own for events. */
export const openBroker = (
  settings: GatewaySettings,
  { instance, log, tracer }: Instance,
): Promise<Broker> =>
  connectServiceBroker(settings, {
    name: 'api-gateway',
    topology: gatewayTopology(instance),
    log,
    tracer,
  })

/** Publishes commands to the ledger's queues. */
export const createCommandPublisher = (broker: Broker, waitingMax: number): Publish => {
  const publish = createLedgerPublisher(broker, { waitingMax })
  return ({ merchant, command: { id, type, correlationid: correlationId }, body, span }) =>
    publish(merchant, { id, type, correlationId, body, span })
}
