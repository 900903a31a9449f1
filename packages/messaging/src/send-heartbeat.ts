import { exchanges, heartbeatKey, type ServiceHeartbeat } from '@recargas/contracts'
import type { Broker } from './broker.ts'
import type { PublishOutcome } from './publisher.ts'

/** Publishes a service's heartbeat to the gateways. Not persisted, and only present subscribers receive it; never rejects. */
export const sendHeartbeat =
  (broker: Pick<Broker, 'publish'>) =>
  (heartbeat: ServiceHeartbeat): Promise<PublishOutcome> =>
    broker.publish({
      exchange: exchanges.event,
      routingKey: heartbeatKey,
      messageId: heartbeat.id,
      type: heartbeat.type,
      body: Buffer.from(JSON.stringify(heartbeat)),
      persistent: false,
    })
