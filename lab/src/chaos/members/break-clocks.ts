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
/** A gateway compares the heartbeats of some seconds before it reports a wrong clock. */
const namedLimitMs = 25_000

/** Starts one of two instances with a clock that is ahead: it must report that and leave the work to the other. */
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
        const wasNamed = await succeeds(waitUntil('/ready names the clock', namedLimitMs, isNamed))
        return wasNamed ? counted : missed('/ready does not name the clock')
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

/** Starts a secondary with a clock that is ahead, which no service reads. */
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

/** Elects a primary with a clock ahead of every ledger's: ledgers refuse presses by time until it is right again. */
export const fastPrimary: MemberBreak = async ({ stack: { databases }, random, fastClock }) => {
  const member = await anyFollower(databases, random)
  if (member === null || fastClock === null) return missed('no secondary')
  await restart(databases, member, fastClock(clockAheadSeconds))
  // The others may have just voted in another election.
  await waitUntil('it is elected', rejoinLimitMs, () => succeeds(member.stepUp()))
  return timeBreak(
    { target: member.name, selling: 'stops' },
    async () => {
      await pause(lostMs)
      const leads = (await databases.lead()) === member
      return leads ? counted : missed('the member did not become the primary')
    },
    async () => {
      await member.end()
      await member.start()
      await databases.waitPrimary()
    },
  )
}
