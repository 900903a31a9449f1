import { waitUntil } from '@recargas/stack/readiness'
import type { Outcome } from '../injection.ts'
import type { MemberFault } from '../member-faults.ts'
import type { FastClock } from './fast-clock.ts'
import type { Group, Member } from './groups.ts'
import type { MembersStack } from './members-stack.ts'
import type { Target } from './plan-members.ts'

export type Tools = {
  readonly stack: MembersStack
  readonly random: () => number
  readonly olderRoot: string
  readonly fastClock: FastClock | null
}

/** Moments by `performance.now()`. */
export type Made = Pick<MemberFault, 'target' | 'selling'> & {
  readonly kind: 'made'
  readonly from: number
  readonly healingAt: number
  readonly backAt: number
}
export type Missed = Extract<Outcome, { kind: 'missed' }>
export type MemberBreak = (tools: Tools) => Promise<Made | Missed>

/** A killed member stays away for so long: the others must go on without it. */
export const awayMs = 6_000
/** Longer than a gateway waits before it says that a press was not accepted. */
export const lostMs = 25_000
export const rejoinLimitMs = 120_000

/** Waits until every member is in order again, as each of them sees it. */
export const rejoined = ({ members, lead, inOrder }: Group): Promise<void> =>
  waitUntil('every member is in order', rejoinLimitMs, async () => {
    if ((await lead()) === null) return false
    const seen = await Promise.all(members.map((member) => inOrder(member).catch(() => [])))
    return seen.every(({ length }) => length === members.length)
  })

export const groupOf = ({ brokers, databases }: MembersStack, target: Target): Group =>
  target === 'broker' || target === 'leader' ? brokers : databases

/** The member that a fault is for; null where none is. */
export const find = async ({ stack, random }: Tools, target: Target): Promise<Member | null> => {
  const { members, lead } = groupOf(stack, target)
  const leading = await lead()
  if (target === 'leader' || target === 'primary') return leading
  const others = members.filter((member) => member !== leading)
  return others[Math.floor(random() * others.length)] ?? null
}
