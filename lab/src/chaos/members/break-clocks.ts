import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@recargas/stack/readiness'
import { missed } from '../injection.ts'
import type { Instance } from '../instances.ts'
import { awayMs, find, lostMs, rejoined, rejoinLimitMs, type MemberBreak } from './member-break.ts'

const clockAheadSeconds = 5
/** A gateway compares heartbeats of some seconds first. */
const namedLimitMs = 25_000

/** One of two instances has a clock that is ahead; it says so and leaves the work to the other. */
export const fastInstance =
  (service: 'ledger' | 'gateway'): MemberBreak =>
  async ({ stack, fastClock }) => {
    const instance = stack.of(service)[1]
    if (instance === undefined || fastClock === null) return missed('no such instance')
    const from = performance.now()
    const isSeen = await instance.alone(async () => {
      await instance.process.stop()
      try {
        // It never becomes ready, so the start ends with the stop.
        void instance.process.start(fastClock(clockAheadSeconds)).catch(() => undefined)
        const named = () => isNotReadyByClock(instance).catch(() => false)
        const isNamed = await waitUntil('it names its clock', namedLimitMs, named).then(
          () => true,
          () => false,
        )
        return isNamed
      } finally {
        await instance.process.stop()
        await instance.revive()
      }
    })
    const healingAt = performance.now()
    if (!isSeen) return missed('it does not name its clock')
    const { name } = instance
    return { kind: 'made', target: name, selling: 'goes on', from, healingAt, backAt: healingAt }
  }

const isNotReadyByClock = async ({ process: { url } }: Instance): Promise<boolean> => {
  const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) })
  return answer.status === 503 && /clock/i.test(await answer.text())
}

/** A secondary's clock is ahead: nobody reads it. */
export const fastSecondary: MemberBreak = async (tools) => {
  const { stack, fastClock } = tools
  const member = await find(tools, 'secondary')
  if (member === null || fastClock === null) return missed('no secondary')
  const from = performance.now()
  await member.end()
  await member.start(fastClock(clockAheadSeconds))
  await rejoined(stack.databases)
  await pause(awayMs)
  await member.end()
  await member.start()
  const healingAt = performance.now()
  const { name } = member
  return { kind: 'made', target: name, selling: 'goes on', from, healingAt, backAt: healingAt }
}

/** The primary's clock is ahead of all ledgers': they refuse presses by time until it is put right. */
export const fastPrimary: MemberBreak = async (tools) => {
  const { stack, fastClock } = tools
  const member = await find(tools, 'secondary')
  if (member === null || fastClock === null) return missed('no secondary')
  const mongod = stack.mongodb.members[stack.databases.members.indexOf(member)]
  if (mongod === undefined) return missed('no such mongod')
  await member.end()
  await member.start(fastClock(clockAheadSeconds))
  await rejoined(stack.databases)
  // Other members may have just voted.
  await waitUntil('it is elected', rejoinLimitMs, () =>
    stack.mongodb.stepUp(mongod).then(
      () => true,
      () => false,
    ),
  )
  const from = performance.now()
  await pause(lostMs)
  const wasPrimary = (await stack.databases.lead()) === member
  const healingAt = performance.now()
  await member.end()
  await member.start()
  await stack.mongodb.waitPrimary()
  const backAt = performance.now()
  if (!wasPrimary) return missed('it did not become the primary')
  return { kind: 'made', target: member.name, selling: 'stops', from, healingAt, backAt }
}
