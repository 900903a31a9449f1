import { gatewayTopology, GatewayEvent } from '@recargas/contracts'
import { consumeEnvelopes, type Broker, type Subscription } from '@recargas/messaging'
import type { createQueueMetrics } from '@recargas/runtime'
import type { HeartbeatWatch } from './commands/heartbeat-watch.ts'
import { operationOf, type Waiters } from './commands/waiters.ts'
import type { NotificationStreams } from './notifications/notification-streams.ts'

const eventPrefetch = 500

type Receivers = {
  readonly waiters: Pick<Waiters, 'receive' | 'isAwaited'>
  readonly heartbeats: Pick<HeartbeatWatch, 'receive'>
  readonly notifications: Pick<NotificationStreams, 'receive'>
}

/** Subscribes to every outcome of the ledger and to all heartbeats, over a queue of this instance's own. */
export const startEvents = (
  broker: Broker,
  instance: string,
  { waiters, heartbeats, notifications }: Receivers,
  measured: ReturnType<typeof createQueueMetrics>,
): Promise<Subscription> =>
  consumeEnvelopes(broker, measured, {
    queue: gatewayTopology(instance).queues[0]?.name ?? '',
    // Each instance has a queue of its own, whose name would add a label at every start.
    metricsName: 'gateway',
    prefetch: eventPrefetch,
    schema: GatewayEvent,
    // Every gateway receives every event; the sale's own is the one whose till waits.
    isTraced: (event) => event.type !== 'ServicePulse.v1' && waiters.isAwaited(operationOf(event)),
    handle: (event) => {
      if (event.type === 'ServicePulse.v1') heartbeats.receive(event)
      else {
        waiters.receive(event)
        notifications.receive(event)
      }
      return Promise.resolve({ verdict: 'ack' })
    },
  })
