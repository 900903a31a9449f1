import { gatewayTopology, sharedTopology, type Topology } from '@recargas/contracts'

/** What all services share, and the queue on which this instance hears the ledger. */
export const withOwnQueue = (instance: string): Topology => {
  const own = gatewayTopology(instance)
  return {
    exchanges: [...sharedTopology.exchanges, ...own.exchanges],
    queues: [...sharedTopology.queues, ...own.queues],
    bindings: [...sharedTopology.bindings, ...own.bindings],
  }
}
