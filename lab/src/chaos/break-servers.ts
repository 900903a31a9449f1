import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@recargas/stack/readiness'
import { brokerHasAlarm } from '@recargas/stack/rabbitmq-management'
import { withChannel } from '../runner/broker.ts'
import { counted, missed, type Break, type Outcome } from './injection.ts'
import { isAlive, isStopped } from '../runner/usage.ts'
import type { Member, ReplicaSet } from './replica-set.ts'

/** Longer than heartbeats and than a primary may be silent. */
const pauseMs = 7_000
const alarmMs = 4_000
const alarmLimitMs = 10_000
const electionLimitMs = 30_000
/** RabbitMQ's default. */
const memoryWatermark = '0.4'
const markerQueue = 'chaos.marker'

const killPrimary: Break = ({ stack: { mongodb } }) =>
  onPrimary(mongodb, async (primary, pid) => {
    await mongodb.kill(primary)
    const isGone = !isAlive(pid)
    await mongodb.start(primary)
    return isGone && primary.pid() !== pid ? counted : missed('its process is the same')
  })

const pausePrimary: Break = ({ stack: { mongodb } }) =>
  onPrimary(mongodb, async (primary, pid) => {
    mongodb.signal(primary, 'SIGSTOP')
    await pause(pauseMs)
    const wasStopped = isStopped(pid)
    mongodb.signal(primary, 'SIGCONT')
    return wasStopped ? counted : missed('it was not stopped')
  })

const onPrimary = async (
  mongodb: ReplicaSet,
  use: (primary: Member, pid: number) => Promise<Outcome>,
): Promise<Outcome> => {
  const primary = await mongodb.waitPrimary()
  const pid = primary.pid()
  if (pid === null) return missed('it was not alive')
  const outcome = await use(primary, pid)
  await mongodb.waitPrimary()
  return outcome
}

const stepDown: Break = async ({ stack: { mongodb } }) => {
  const before = await mongodb.waitPrimary()
  await mongodb.stepDown(before)
  await waitUntil('another primary', electionLimitMs, async () => {
    const now = await mongodb.primary()
    return now !== null && now.port !== before.port
  })
  return counted
}

const killBroker: Break = async ({ stack: { broker } }) => {
  const pid = broker.pid()
  if (pid === null) return missed('it was not alive')
  await broker.kill()
  const isGone = !isAlive(pid)
  await broker.start()
  return isGone && broker.pid() !== pid ? counted : missed('its process is the same')
}

const pauseBroker: Break = async ({ stack: { broker } }) => {
  const pid = broker.pid()
  if (pid === null) return missed('it was not alive')
  try {
    broker.signal('SIGSTOP')
    await pause(pauseMs)
    return isStopped(pid) ? counted : missed('it was not stopped')
  } finally {
    broker.signal('SIGCONT')
  }
}

/** Stopped, its data deleted, started empty. A queue made just before must be gone after. */
const wipeBroker: Break = async ({ stack, noteDeadLetters }) => {
  const { broker, brokerFolder } = stack
  if (broker.pid() === null) return missed('it was not alive')
  await noteDeadLetters()
  await hasMarker(broker.amqpUrl, 'make')
  await broker.stop()
  rmSync(join(brokerFolder, 'data'), { recursive: true, force: true })
  await broker.start()
  return (await hasMarker(broker.amqpUrl, 'look')) ? missed('its data are still there') : counted
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

/** The proxy follows the primary, wherever a fault has moved it. */
const following =
  (fault: Break): Break =>
  async (injection, instance) => {
    const outcome = await fault(injection, instance)
    await injection.stack.followPrimary()
    return outcome
  }

export const serverFaults = {
  'kill mongod': following(killPrimary),
  'pause mongod': following(pausePrimary),
  'step down mongod': following(stepDown),
  'kill broker': killBroker,
  'pause broker': pauseBroker,
  'wipe broker': wipeBroker,
  'alarm broker': raiseAlarm,
} as const
