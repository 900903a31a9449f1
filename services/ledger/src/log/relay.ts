import { adapterQueue, exchanges, ledgerEventKey } from '@recargas/contracts'
import { publishEnvelopes, type Broker } from '@recargas/messaging'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'

export type Relay = {
  /** Publishes the messages of a batch. @returns true when the broker confirmed all of them. Never throws. */
  readonly send: (messages: readonly OutgoingMessage[]) => Promise<boolean>
}

const toGateways = {
  exchange: exchanges.event,
  routingKey: ledgerEventKey,
  persistent: false,
} as const

/**
 * Publishes the ledger's messages: one AMQP message for each carrier job, and few for all events of a batch. Events to gateways
 * are notifications (the ledger is the truth), so the absence of gateways is not a failure.
 */
export const createRelay = (broker: Pick<Broker, 'publish'>): Relay => ({
  send: async (messages) => {
    const jobs = messages.flatMap((message) => {
      if (message.to === 'gateways') return []
      const { carrier, kind } = message.to
      const to = { exchange: exchanges.command, routingKey: adapterQueue(carrier, kind) }
      return [publishEnvelopes(broker, to, [message])]
    })
    const events = messages.filter((message) => message.to === 'gateways')
    const [published, ...sent] = await Promise.all([
      publishEnvelopes(broker, toGateways, events),
      ...jobs,
    ])
    const areEventsSent = published.kind === 'confirmed' || published.kind === 'unroutable'
    return areEventsSent && sent.every(({ kind }) => kind === 'confirmed')
  },
})
