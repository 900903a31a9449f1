import { gatewayTopology, GatewayEvent } from '@recargas/contracts'
import type { Broker } from '@recargas/messaging'
import type { createQueueMetrics } from '@recargas/runtime'
import { z } from 'zod'
import type { HeartbeatWatch } from './commands/heartbeat-watch.ts'
import type { Waiters } from './commands/waiters.ts'
import type { NotificationStreams } from './notifications/notification-streams.ts'

const eventPrefetch = 500

type Receivers = {
  readonly waiters: Pick<Waiters, 'receive'>
  readonly heartbeats: Pick<HeartbeatWatch, 'receive'>
  readonly notifications: Pick<NotificationStreams, 'receive'>
}

/** Subscribes to every outcome of the ledger and to all heartbeats, over a queue of this instance's own. */
export const startEvents = (
  broker: Broker,
  instance: string,
  { waiters, heartbeats, notifications }: Receivers,
  measured: ReturnType<typeof createQueueMetrics>,
) => {
  const consumption = {
    queue: gatewayTopology(instance).queues[0]?.name ?? '',
    prefetch: eventPrefetch,
    parse: (value: unknown) => {
      const parsed = GatewayEvent.safeParse(value)
      return parsed.success
        ? ({ ok: true, message: parsed.data } as const)
        : ({ ok: false, reason: z.prettifyError(parsed.error) } as const)
    },
    handle: (event: GatewayEvent) => {
      if (event.type === 'ServicePulse.v1') heartbeats.receive(event)
      else {
        waiters.receive(event)
        notifications.receive(event)
      }
      return Promise.resolve({ verdict: 'ack' } as const)
    },
  }
  // Each instance has a queue of its own, whose name would add a label at every start.
  return broker.consume(measured(consumption, 'gateway'))
}
