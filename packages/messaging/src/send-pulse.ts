import { exchanges, pulseKey, type ServicePulse } from '@recargas/contracts'
import type { Broker } from './broker.ts'
import type { PublishOutcome } from './publisher.ts'

/** Publishes a service's heartbeat to the gateways. Not persisted, and only present subscribers receive it; never rejects. */
export const sendPulse =
  (broker: Pick<Broker, 'publish'>) =>
  (pulse: ServicePulse): Promise<PublishOutcome> =>
    broker.publish({
      exchange: exchanges.event,
      routingKey: pulseKey,
      messageId: pulse.id,
      type: pulse.type,
      body: Buffer.from(JSON.stringify(pulse)),
      persistent: false,
    })
