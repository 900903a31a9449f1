import { QuarantineSettled, type StatusReads, type StatusService } from '@recargas/contracts'
import type { createProbes } from '@recargas/runtime'
import { createInternalClient, requestsOf } from './internal-client.ts'
import { ledgerUnavailable } from './ledger-client.ts'

type Settings = {
  readonly ledgerUrl: string
  readonly adapterUrl: string
  readonly serviceToken: string
  /** The gateway's own answers: it does not ask itself over HTTP. */
  readonly own: ReturnType<typeof createProbes>
}

/** Connections of their own: who looks at the installation never waits for, or hinders, a sale. */
const connections = 4
const readTimeoutMs = 3_000
/** A hundred messages, each confirmed by the broker. */
const settleTimeoutMs = 20_000

/** Asks ledger and adapter as their operators do, and settles quarantined messages. */
export const createStatusClient = ({ ledgerUrl, adapterUrl, serviceToken, own }: Settings) => {
  const clients = {
    ledger: createInternalClient({ url: ledgerUrl, serviceToken, connections }),
    adapter: createInternalClient({ url: adapterUrl, serviceToken, connections }),
  }
  const reads: StatusReads = {
    probe: async (service, path) => {
      if (service !== 'gateway') return clients[service].probe(path, readTimeoutMs)
      return path === '/live' ? own.live() : own.ready()
    },
    ask: (service, path, schema) => clients[service].get(path, schema, readTimeoutMs),
  }
  const { writeKnown } = requestsOf(clients.ledger, settleTimeoutMs, ledgerUnavailable)
  const settle = (action: 'replay' | 'discard') => (request: unknown) =>
    writeKnown(`/internal/quarantine/${action}`, request, QuarantineSettled)
  return {
    reads,
    replay: settle('replay'),
    discard: settle('discard'),
    close: async () => {
      await Promise.all([clients.ledger.close(), clients.adapter.close()])
    },
  }
}

/** The services' names in their heartbeats. */
export const heartbeatNames = {
  gateway: 'api-gateway',
  ledger: 'ledger',
  adapter: 'carrier-adapter',
} as const satisfies Readonly<Record<StatusService, string>>
