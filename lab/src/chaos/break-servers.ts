import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { connect } from 'amqplib'
import { waitUntil } from '@recargas/stack/wait-until'
import { brokerHasAlarm } from '@recargas/stack/rabbitmq-management'
import { counted, missed, type Injection, type Outcome } from './injection.ts'
import { isAlive, isStopped } from './instances.ts'
import type { ServerFault } from './plan.ts'

/** Longer than heartbeats and than a primary may be silent. */
const pauseMs = 7_000
const alarmMs = 4_000
const alarmLimitMs = 10_000
const electionLimitMs = 30_000
/** RabbitMQ's default. */
const memoryWatermark = '0.4'
const markerQueue = 'chaos.marker'

export const breakServer = (injection: Injection, fault: ServerFault): Promise<Outcome> => {
  switch (fault.kind) {
    case 'kill mongod':
      return killPrimary(injection)
    case 'pause mongod':
      return pausePrimary(injection)
    case 'step down mongod':
      return stepDown(injection)
    case 'kill broker':
      return killBroker(injection)
    case 'pause broker':
      return pauseBroker(injection)
    case 'wipe broker':
      return wipeBroker(injection)
    case 'alarm broker':
      return raiseAlarm(injection)
  }
}

const killPrimary = async ({ stack: { mongodb, followPrimary } }: Injection): Promise<Outcome> => {
  const primary = await mongodb.waitPrimary()
  const pid = primary.pid()
  if (pid === null) return missed('it was not alive')
  await mongodb.kill(primary)
  const isGone = !isAlive(pid)
  await mongodb.start(primary)
  await mongodb.waitPrimary()
  await followPrimary()
  return isGone && primary.pid() !== pid ? counted : missed('its process is the same')
}

const pausePrimary = async ({ stack: { mongodb, followPrimary } }: Injection): Promise<Outcome> => {
  const primary = await mongodb.waitPrimary()
  const pid = primary.pid()
  if (pid === null) return missed('it was not alive')
  mongodb.signal(primary, 'SIGSTOP')
  await pause(pauseMs)
  const wasStopped = isStopped(pid)
  mongodb.signal(primary, 'SIGCONT')
  await mongodb.waitPrimary()
  await followPrimary()
  return wasStopped ? counted : missed('it was not stopped')
}

const stepDown = async ({ stack: { mongodb, followPrimary } }: Injection): Promise<Outcome> => {
  const before = await mongodb.waitPrimary()
  await mongodb.stepDown(before)
  await waitUntil('another primary', electionLimitMs, async () => {
    const now = await mongodb.primary()
    return now !== null && now.port !== before.port
  })
  await followPrimary()
  return counted
}

const killBroker = async ({ stack: { broker } }: Injection): Promise<Outcome> => {
  const pid = broker.pid()
  if (pid === null) return missed('it was not alive')
  await broker.kill()
  const isGone = !isAlive(pid)
  await broker.start()
  return isGone && broker.pid() !== pid ? counted : missed('its process is the same')
}

const pauseBroker = async ({ stack: { broker } }: Injection): Promise<Outcome> => {
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
const wipeBroker = async ({ stack, noteDeadLetters }: Injection): Promise<Outcome> => {
  const { broker, brokerFolder } = stack
  if (broker.pid() === null) return missed('it was not alive')
  await noteDeadLetters()
  await hasMarker(broker.amqpUrl, 'make')
  await broker.stop()
  rmSync(join(brokerFolder, 'data'), { recursive: true, force: true })
  await broker.start()
  return (await hasMarker(broker.amqpUrl, 'look')) ? missed('its data are still there') : counted
}

const hasMarker = async (amqpUrl: string, what: 'make' | 'look'): Promise<boolean> => {
  const model = await connect(amqpUrl, { timeout: 5_000 })
  model.on('error', () => undefined)
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  try {
    if (what === 'make') await channel.assertQueue(markerQueue, { durable: true })
    else await channel.checkQueue(markerQueue)
    return true
  } catch {
    return false
  } finally {
    await model.close().catch(() => undefined)
  }
}

const raiseAlarm = async ({ stack: { broker } }: Injection): Promise<Outcome> => {
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
