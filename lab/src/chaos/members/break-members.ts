import { readlinkSync, realpathSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { repository } from '@recargas/stack/service-process'
import { waitUntil } from '@recargas/stack/readiness'
import { isAlive, isStopped } from '../../runner/usage.ts'
import { missed } from '../injection.ts'
import type { Instance } from '../instances.ts'
import { fastInstance, fastPrimary, fastSecondary } from './break-clocks.ts'
import type { Group, Member } from './groups.ts'
import {
  awayMs,
  find,
  groupOf,
  lostMs,
  rejoined,
  rejoinLimitMs,
  type Made,
  type MemberBreak,
  type Missed,
  type Tools,
} from './member-break.ts'
import { updateOrder, type MembersStack } from './members-stack.ts'
import type { MemberAction, MemberFaultName, Target } from './plan-members.ts'

/** Longer than silent members take to be given up: net_ticktime and a quarter, an election. */
const holdMs = 10_000
const seenLimitMs = 9_000
const lookEveryMs = 200
const betweenInstancesMs = 1_000

type Hold = (member: Member, pid: number) => Promise<{ readonly isSeen: boolean }>

const holds: Readonly<Record<MemberAction, Hold>> = {
  kill: async (member, pid) => {
    await member.kill()
    await pause(awayMs)
    const isGone = !isAlive(pid)
    await member.start()
    return { isSeen: isGone && member.pid() !== pid }
  },
  pause: async (member, pid) => {
    try {
      member.signal('SIGSTOP')
      await pause(holdMs)
      return { isSeen: isStopped(pid) }
    } finally {
      member.signal('SIGCONT')
    }
  },
  cut: async ({ network, isReached }) => {
    try {
      await network?.cutOff()
      await pause(holdMs)
      return { isSeen: !(await isReached()) }
    } finally {
      await network?.heal()
    }
  },
}

/** One member dies, stands still, or is cut off; selling goes on. Where it led, another one must lead meanwhile. */
const onMember =
  (action: MemberAction, target: Target): MemberBreak =>
  async (tools) => {
    const member = await find(tools, target)
    const pid = member?.pid() ?? null
    if (member === null || pid === null) return missed('it was not alive')
    const group = groupOf(tools.stack, target)
    const leads = target === 'leader' || target === 'primary'
    const watching = leads ? anotherLeads(group, member) : Promise.resolve(true)
    const from = performance.now()
    const { isSeen } = await holds[action](member, pid)
    const healingAt = performance.now()
    if (!isSeen) return missed('its effect was not seen')
    if (!(await watching)) return missed('no other member led')
    return {
      kind: 'made',
      target: member.name,
      selling: 'goes on',
      from,
      healingAt,
      backAt: healingAt,
    }
  }

const anotherLeads = async ({ lead }: Group, before: Member): Promise<boolean> => {
  const deadline = performance.now() + seenLimitMs
  while (performance.now() < deadline) {
    const now = await lead().catch(() => null)
    if (now !== null && now !== before) return true
    await pause(lookEveryMs)
  }
  return false
}

/** The leading member alone from the two others, while every service reaches all three. */
const partLeading =
  (target: 'leader' | 'primary'): MemberBreak =>
  async (tools) => {
    const group = groupOf(tools.stack, target)
    const alone = await group.lead()
    if (alone === null) return missed('nobody leads')
    const others = group.members.filter((member) => member !== alone)
    const [witness] = others
    const from = performance.now()
    try {
      await alone.network?.part(others.flatMap(({ network }) => network ?? []))
      await pause(holdMs)
      const seen = witness === undefined ? [] : await group.inOrder(witness).catch(() => [])
      const leading = await group.lead()
      if (seen.includes(alone) && leading === alone) return missed('the others still hear it')
    } finally {
      for (const { network } of group.members) await network?.heal()
    }
    const healingAt = performance.now()
    const { name: target_ } = alone
    return { kind: 'made', target: target_, selling: 'goes on', from, healingAt, backAt: healingAt }
  }

/** Two of three die: no majority is left until one of them is back. */
const loseTwo =
  (of: 'brokers' | 'databases'): MemberBreak =>
  async ({ stack }) => {
    const group = stack[of]
    const lost = group.members.filter((_, index) => index !== 0)
    const pids = lost.map(({ pid }) => pid())
    if (pids.includes(null)) return missed('a member was not alive')
    const from = performance.now()
    await Promise.all(lost.map((member) => member.kill()))
    await pause(lostMs)
    const areGone = pids.every((pid) => pid !== null && !isAlive(pid))
    const healingAt = performance.now()
    await Promise.all(lost.map((member) => member.start()))
    await waitUntil('somebody leads', rejoinLimitMs, async () => (await group.lead()) !== null)
    const backAt = performance.now()
    if (!areGone) return missed('a process is still there')
    const target = lost.map(({ name }) => name).join(', ')
    return { kind: 'made', target, selling: 'stops', from, healingAt, backAt }
  }

/** Each is stopped and started again, once all are full members. */
const roll =
  (of: 'brokers' | 'databases'): MemberBreak =>
  async ({ stack }) => {
    const group = stack[of]
    const from = performance.now()
    for (const member of group.members) {
      const before = member.pid()
      await member.end()
      await member.start()
      await rejoined(group)
      if (before === null || member.pid() === before) return missed(`${member.name} is the same`)
    }
    const healingAt = performance.now()
    return { kind: 'made', target: 'each', selling: 'goes on', from, healingAt, backAt: healingAt }
  }

/** Every instance is stopped and started by that build, one after another. */
const replaceAll =
  (
    root: (tools: Tools) => string,
    order: readonly MembersStack['instances'][number]['service'][],
  ) =>
  async (tools: Tools): Promise<Made | Missed> => {
    const { stack } = tools
    const wanted = root(tools)
    const from = performance.now()
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
    const healingAt = performance.now()
    return {
      kind: 'made',
      target: 'services',
      selling: 'goes on',
      from,
      healingAt,
      backAt: healingAt,
    }
  }

/** The folder in which a process runs: that of its build. */
const rootOf = ({ process: { pid } }: Instance): string | null => {
  try {
    return readlinkSync(`/proc/${pid() ?? 0}/cwd`)
  } catch {
    return null
  }
}

export const memberFaults: Readonly<Record<MemberFaultName, MemberBreak>> = {
  'kill broker': onMember('kill', 'broker'),
  'kill leader': onMember('kill', 'leader'),
  'kill secondary': onMember('kill', 'secondary'),
  'kill primary': onMember('kill', 'primary'),
  'pause broker': onMember('pause', 'broker'),
  'pause leader': onMember('pause', 'leader'),
  'pause secondary': onMember('pause', 'secondary'),
  'pause primary': onMember('pause', 'primary'),
  'cut broker': onMember('cut', 'broker'),
  'cut leader': onMember('cut', 'leader'),
  'cut secondary': onMember('cut', 'secondary'),
  'cut primary': onMember('cut', 'primary'),
  'part leader': partLeading('leader'),
  'part primary': partLeading('primary'),
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
