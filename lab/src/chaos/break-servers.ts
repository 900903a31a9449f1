import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@recargas/stack/readiness'
import { brokerHasAlarm } from '@recargas/stack/rabbitmq-management'
import { withChannel } from '../runner/broker.ts'
import {
  counted,
  killAndStart,
  missed,
  standStill,
  type Break,
  type FaultContext,
  type Outcome,
} from './break.ts'
import type { Mongod, ReplicaSet } from './replica-set.ts'

/** Longer than heartbeats allow, and than a primary may stay silent. */
const pauseMs = 7_000
const alarmMs = 4_000
const alarmLimitMs = 10_000
const electionLimitMs = 30_000
/** RabbitMQ's default. */
const memoryWatermark = '0.4'
const markerQueue = 'chaos.marker'

/** Makes the fault at the primary, then points the proxy at the primary of that moment. */
const onPrimary =
  (use: (primary: Mongod, set: ReplicaSet) => Promise<Outcome>): Break =>
  async ({ stack: { mongodb, followPrimary } }) => {
    const outcome = await use(await mongodb.waitPrimary(), mongodb)
    await mongodb.waitPrimary()
    await followPrimary()
    return outcome
  }

const stepDown = async (before: Mongod, { lead }: ReplicaSet): Promise<Outcome> => {
  await before.stepDown()
  await waitUntil('another primary', electionLimitMs, async () => {
    const now = await lead()
    return now !== null && now !== before
  })
  return counted
}

/** Stops the broker, deletes its data and starts it empty. A queue declared just before must be gone afterwards. */
const wipeBroker: Break = async ({ stack, noteDeadLetters }) => {
  const { broker, brokerFolder } = stack
  if (broker.pid() === null) return missed('the broker was not alive')
  await noteDeadLetters()
  await hasMarker(broker.amqpUrl, 'make')
  await broker.stop()
  rmSync(join(brokerFolder, 'data'), { recursive: true, force: true })
  await broker.start()
  return (await hasMarker(broker.amqpUrl, 'look'))
    ? missed('the broker still has its data')
    : counted
}

const hasMarker = (amqpUrl: string, action: 'make' | 'look'): Promise<boolean> =>
  withChannel(amqpUrl, async (channel) => {
    if (action === 'make') await channel.assertQueue(markerQueue, { durable: true })
    else await channel.checkQueue(markerQueue)
    return true
  }).catch(() => false)

const raiseAlarm: Break = async ({ stack: { broker } }) => {
  try {
    await broker.control(['set_vm_memory_high_watermark', '0'])
    await waitUntil('the memory alarm', alarmLimitMs, () => brokerHasAlarm(broker.managementUrl))
    await pause(alarmMs)
  } finally {
    await broker.control(['set_vm_memory_high_watermark', memoryWatermark])
  }
  await waitUntil('the alarm is over', alarmLimitMs, async () => {
    return !(await brokerHasAlarm(broker.managementUrl))
  })
  return counted
}

export const serverFaults = {
  'kill mongod': onPrimary((primary) => killAndStart(primary)),
  'pause mongod': onPrimary((primary) => standStill(primary, pauseMs)),
  'step down mongod': onPrimary(stepDown),
  'kill broker': ({ stack: { broker } }: FaultContext) => killAndStart(broker),
  'pause broker': ({ stack: { broker } }: FaultContext) => standStill(broker, pauseMs),
  'wipe broker': wipeBroker,
  'alarm broker': raiseAlarm,
} as const
