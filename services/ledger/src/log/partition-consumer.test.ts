import { expect, test } from '@jest/globals'
import {
  MerchantId,
  partitionCount,
  partitionOf,
  type CarrierVerdictMessage,
} from '@recargas/contracts'
import { silentLog } from '@recargas/runtime'
import {
  anOpenShopOperations,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  policy,
  start,
} from '../testing/builders.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { simulatedLog } from '../testing/simulated-log.ts'
import { inboundOf } from './inbound-operation.ts'
import { createPartitionConsumer } from './partition-consumer.ts'
import type { PartitionWriter } from './partition-writer.ts'

const partition = partitionOf(merchant)

/** Another shop of the same partition. */
const neighbour = ((): MerchantId => {
  for (let number = 0; number < 100 * partitionCount; number += 1) {
    const candidate = MerchantId.parse(`shop-${number}`)
    if (partitionOf(candidate) === partition) return candidate
  }
  throw new Error('no shop of that partition')
})()

const verdictMessage = (operation: ReturnType<typeof aVerdict>): CarrierVerdictMessage => {
  if (operation.type !== 'CarrierVerdict') throw new Error('not a verdict')
  return {
    specversion: '1.0',
    id: `${operation.data.topupId}:verdict`,
    source: 'carrier-adapter',
    type: 'CarrierVerdict.v1',
    subject: operation.data.topupId,
    time: new Date(start).toISOString(),
    correlationid: 'test',
    data: operation.data,
  }
}

test("dead-letters a verdict that names another merchant than its sale's, and applies its neighbours", async () => {
  const ledger = simulatedLog({ policy, acceptWindowMs: 10_000, clockSkewMs: 2_000 })
  const owner = ledger.takeOver(start)
  const [first, second] = [aTopup(), aTopup({ number: '70000001' })]
  const setUp = [...anOpenShopOperations(), first, second].map((operation) => inboundFor(operation))
  ledger.write(owner, setUp, start, 'whole')

  const messages = [
    aVerdict(idOf(first), 'authorized', { merchant: neighbour }),
    aVerdict(idOf(second), 'authorized'),
  ].map(verdictMessage)
  const inbounds = messages.map(inboundOf)
  const { dispositions } = ledger.build(owner, inbounds, start)
  ledger.write(owner, inbounds, start, 'whole')
  expect(dispositions.map(({ kind }) => kind)).toEqual(['another-sale', 'done'])
  expect(ledger.everything.topups.get(idOf(first))?.state).toBe('reserved')
  expect(ledger.everything.topups.get(idOf(second))?.state).toBe('committed')

  const writer: PartitionWriter = {
    enqueue: ({ messageId }) =>
      Promise.resolve(
        dispositions[messages.findIndex(({ id }) => id === messageId)] ?? { kind: 'dropped' },
      ),
    wake: () => Promise.resolve({ kind: 'done' }),
    waiting: () => 0,
    servedSubscription: () => 1,
    stop: () => Promise.resolve(),
  }
  const handle = createPartitionConsumer(writer, silentLog, {
    partition,
    onDeadLettered: () => undefined,
  })
  const heard = messages.map((message) => handle(message, { subscription: 1 }))
  expect(await Promise.all(heard)).toEqual([
    {
      verdict: 'dead-letter',
      code: 'ANOTHER_SALE',
      detail: `sale ${idOf(first)} is of merchant ${merchant}, the verdict names ${neighbour}`,
    },
    { verdict: 'ack' },
  ])
})
