export {
  connectBroker,
  connectServiceBroker,
  type Broker,
  type BrokerSettings,
  type BrokerState,
} from './broker.ts'
export { consumeEnvelopes } from './consume-envelopes.ts'
export type { Subscription } from './consumer.ts'
export type { Consumption } from './deliver.ts'
export type { WholeMessage } from './keep.ts'
export type { Log } from './link.ts'
export type { OutgoingMessage, PublishOutcome } from './publisher.ts'
export {
  createLedgerPublisher,
  publishEnvelope,
  publishEnvelopes,
  sendHeartbeat,
  serializeEnvelope,
  type SerializedEnvelope,
} from './publish-envelopes.ts'
export type { Delivery, Verdict } from './verdict.ts'
