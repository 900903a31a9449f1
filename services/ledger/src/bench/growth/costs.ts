/**
 * Processor time of the steps, in ms, on the machine of docs/figures/bench-spread.json. They are fitted to two of its rows, one hot
 * float and 200 shops with one ledger; the others are there to be met. Batches of 200 without MongoDB (docs/performance.md) and the
 * first columns of the ledger's design give the order of the parts.
 */
export const costs = {
  gateway: { perSale: 0.98, perMessage: 0.15, perEvent: 0.1, perEnvelope: 0.01 },
  adapter: { perSale: 0.47, perMessage: 0.06 },
  /** The carrier and the load generator. */
  carrier: { perSale: 0.2 },
  ledger: { perEntry: 0.3, perBlock: 0.31, perCommand: 0.15, perDocument: 0.02, perMessage: 0.1 },
  mongod: {
    perSale: 0.27,
    perCommand: 0.6,
    perInsert: 0.075,
    perReplacement: 0.105,
    perRead: 0.02,
  },
  rabbitmq: { perEnvelope: 0.03, perMessage: 0.1, perDelivery: 0.045 },
} as const

/** Part of a processor that the processes of the rows had; the kernel and everything else had the rest. */
export const processorShare = 0.93

/** Waits that take no processor, in ms. */
export const waits = {
  /** A majority and journaled write's flush. */
  flush: 3,
  /** A message's replication in a quorum queue. */
  message: 1,
  carrier: 5,
  projectEvery: 100,
} as const
