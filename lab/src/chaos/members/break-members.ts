import { readlinkSync, realpathSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { repository } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { isAlive } from '../../runner/usage.ts'
import { succeeds } from '../../till/shop.ts'
import type { Group, Member } from '../group.ts'
import { counted, killAndStart, missed, standStill, type Outcome } from '../break.ts'
import type { Instance } from '../instances.ts'
import type { Service } from '../plan.ts'
import { fastInstance, fastPrimary, fastSecondary } from './break-clocks.ts'
import {
  anyFollower,
  awayMs,
  lostMs,
  rejoinLimitMs,
  restart,
  timeBreak,
  type MemberBreak,
  type Tools,
} from './member-break.ts'
import { updateOrder } from './members-stack.ts'
import {
  ofOneMember,
  type MemberAction,
  type MemberFaultName,
  type Target,
} from './plan-members.ts'

/** Longer than it takes until a silent member counts as down: net_ticktime and a quarter, or an election. */
const holdMs = 10_000
const seenLimitMs = 9_000
const lookEveryMs = 200
const betweenInstancesMs = 1_000

const holds: Readonly<Record<MemberAction, (member: Member) => Promise<Outcome>>> = {
  kill: (member) => killAndStart(member, awayMs),
  pause: (member) => standStill(member, holdMs),
  cut: async ({ network, isReached }) => {
    try {
      await network?.cutOff()
      await pause(holdMs)
      return (await isReached()) ? missed('its effect was not seen') : counted
    } finally {
      await network?.heal()
    }
  },
}

/** One member dies, stands still, or is cut off; selling goes on. Where it led, another one must lead meanwhile. */
const onMember =
  (action: MemberAction, target: Target): MemberBreak =>
  async ({ stack: { brokers, databases }, random }) => {
    const group: Group = target === 'broker' || target === 'leader' ? brokers : databases
    const leads = target === 'leader' || target === 'primary'
    const member = await (leads ? group.lead() : anyFollower(group, random))
    if (member === null || member.pid() === null) return missed('the member was not alive')
    return timeBreak({ target: member.name, selling: 'goes on' }, async () => {
      const watching = leads ? anotherLeads(group, member) : Promise.resolve(true)
      const outcome = await holds[action](member)
      const hasLed = await watching
      return outcome.kind === 'counted' && !hasLed ? missed('no other member led') : outcome
    })
  }

const anotherLeads = ({ lead }: Group, before: Member): Promise<boolean> => {
  const isAnother = async () => {
    const now = await lead().catch(() => null)
    return now !== null && now !== before
  }
  return succeeds(waitUntil('another one leads', seenLimitMs, isAnother, lookEveryMs))
}

/** Cuts the leading member off from the two others, while every service reaches all three. */
const partLeading =
  (of: 'brokers' | 'databases'): MemberBreak =>
  async ({ stack: { [of]: group } }) => {
    const alone = await group.lead()
    if (alone === null) return missed('no member leads')
    const others = group.members.filter((member) => member !== alone)
    const [witness] = others
    return timeBreak({ target: alone.name, selling: 'goes on' }, async () => {
      try {
        await alone.network?.part(others.flatMap(({ network }) => network ?? []))
        await pause(holdMs)
        const seen = witness === undefined ? [] : await group.inOrder(witness).catch(() => [])
        const isHeard = seen.some((member) => member === alone) && (await group.lead()) === alone
        return isHeard ? missed('the other members still reach it') : counted
      } finally {
        for (const { network } of group.members) await network?.heal()
      }
    })
  }

/** Two of three die: no majority is left until one of them is back. */
const loseTwo =
  (of: 'brokers' | 'databases'): MemberBreak =>
  ({ stack: { [of]: group } }) => {
    const lost = group.members.filter((_, index) => index !== 0)
    const pids = lost.map(({ pid }) => pid())
    if (pids.includes(null)) return Promise.resolve(missed('a member was not alive'))
    return timeBreak(
      { target: lost.map(({ name }) => name).join(', '), selling: 'stops' },
      async () => {
        await Promise.all(lost.map((member) => member.kill()))
        await pause(lostMs)
        const areGone = pids.every((pid) => pid !== null && !isAlive(pid))
        return areGone ? counted : missed('a process did not die')
      },
      async () => {
        await Promise.all(lost.map((member) => member.start()))
        await waitUntil('a member leads', rejoinLimitMs, async () => (await group.lead()) !== null)
      },
    )
  }

/** Restarts each member, once all members are in order. */
const roll =
  (of: 'brokers' | 'databases'): MemberBreak =>
  ({ stack: { [of]: group } }) =>
    timeBreak({ target: 'each', selling: 'goes on' }, async () => {
      for (const member of group.members) {
        const before = member.pid()
        await restart(group, member)
        if (before === null || member.pid() === before)
          return missed(`${member.name} was not restarted`)
      }
      return counted
    })

/** Every instance is stopped and started by that build, one after another. */
const replaceAll =
  (root: (tools: Tools) => string, order: readonly Service[]): MemberBreak =>
  (tools) =>
    timeBreak({ target: 'services', selling: 'goes on' }, async () => {
      const { stack } = tools
      const wanted = root(tools)
      for (const instance of order.flatMap((service) => stack.of(service))) {
        stack.use(instance, wanted)
        await instance.alone(async () => {
          await instance.process.stop()
          await instance.revive()
        })
        if (rootOf(instance) !== realpathSync(wanted)) {
          return missed(`${instance.name} is not of ${wanted}`)
        }
        await pause(betweenInstancesMs)
      }
      return counted
    })

/** The folder in which a process runs: that of its build. */
const rootOf = ({ process: { pid } }: Instance): string | null => {
  try {
    return readlinkSync(`/proc/${pid() ?? 0}/cwd`)
  } catch {
    return null
  }
}

export const memberFaults: Readonly<Record<MemberFaultName, MemberBreak>> = {
  ...(Object.fromEntries(
    ofOneMember.map(({ name, action, target }) => [name, onMember(action, target)]),
  ) as Record<(typeof ofOneMember)[number]['name'], MemberBreak>),
  'part leader': partLeading('brokers'),
  'part primary': partLeading('databases'),
  'lose two brokers': loseTwo('brokers'),
  'lose two databases': loseTwo('databases'),
  'roll brokers': roll('brokers'),
  'roll databases': roll('databases'),
  'clock ledger': fastInstance('ledger'),
  'clock gateway': fastInstance('gateway'),
  'clock secondary': fastSecondary,
  'clock primary': fastPrimary,
  upgrade: replaceAll(() => repository, updateOrder),
  downgrade: replaceAll(({ olderRoot }) => olderRoot, [...updateOrder].reverse()),
}
