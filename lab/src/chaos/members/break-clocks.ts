import { setTimeout as pause } from 'node:timers/promises'
import { waitUntil } from '@recargas/stack/readiness'
import { succeeds } from '../../till/shop.ts'
import { counted, missed, type Outcome } from '../break.ts'
import type { Instance } from '../instances.ts'
import {
  anyFollower,
  awayMs,
  lostMs,
  rejoinLimitMs,
  restart,
  timeBreak,
  type MemberBreak,
} from './member-break.ts'

const clockAheadSeconds = 5
/** A gateway compares heartbeats of some seconds first. */
const namedLimitMs = 25_000

/** One of two instances has a clock that is ahead; it says so and leaves the work to the other. */
export const fastInstance =
  (service: 'ledger' | 'gateway'): MemberBreak =>
  async ({ stack, fastClock }) => {
    const instance = stack.of(service)[1]
    if (instance === undefined || fastClock === null) return missed('no such instance')
    const startAhead = async (): Promise<Outcome> => {
      await instance.process.stop()
      try {
        // It never becomes ready, so the start ends with the stop.
        void instance.process.start(fastClock(clockAheadSeconds)).catch(() => undefined)
        const isNamed = () => isNotReadyByClock(instance).catch(() => false)
        const wasNamed = await succeeds(waitUntil('it names its clock', namedLimitMs, isNamed))
        return wasNamed ? counted : missed('it does not name its clock')
      } finally {
        await instance.process.stop()
        await instance.revive()
      }
    }
    return timeBreak({ target: instance.name, selling: 'goes on' }, () =>
      instance.alone(startAhead),
    )
  }

const isNotReadyByClock = async ({ process: { url } }: Instance): Promise<boolean> => {
  const answer = await fetch(`${url}/ready`, { signal: AbortSignal.timeout(2_000) })
  return answer.status === 503 && /clock/i.test(await answer.text())
}

/** A secondary's clock is ahead: nobody reads it. */
export const fastSecondary: MemberBreak = async ({ stack: { databases }, random, fastClock }) => {
  const member = await anyFollower(databases, random)
  if (member === null || fastClock === null) return missed('no secondary')
  return timeBreak({ target: member.name, selling: 'goes on' }, async () => {
    await restart(databases, member, fastClock(clockAheadSeconds))
    await pause(awayMs)
    await member.end()
    await member.start()
    return counted
  })
}

/** The primary's clock is ahead of all ledgers': they refuse presses by time until it is put right. */
export const fastPrimary: MemberBreak = async ({ stack: { databases }, random, fastClock }) => {
  const member = await anyFollower(databases, random)
  if (member === null || fastClock === null) return missed('no secondary')
  await restart(databases, member, fastClock(clockAheadSeconds))
  // Other members may have just voted.
  await waitUntil('it is elected', rejoinLimitMs, () => succeeds(member.stepUp()))
  return timeBreak(
    { target: member.name, selling: 'stops' },
    async () => {
      await pause(lostMs)
      const leads = (await databases.lead()) === member
      return leads ? counted : missed('it did not become the primary')
    },
    async () => {
      await member.end()
      await member.start()
      await databases.waitPrimary()
    },
  )
}
