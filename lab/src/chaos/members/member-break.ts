import { waitUntil } from '@recargas/stack/readiness'
import type { Group, Member } from '../group.ts'
import type { Counted, Missed, Outcome } from '../break.ts'
import type { MemberFault } from '../judge-member-faults.ts'
import type { FastClock } from './fast-clock.ts'
import type { MembersStack } from './members-stack.ts'

export type Tools = {
  readonly stack: MembersStack
  readonly random: () => number
  readonly olderRoot: string
  readonly fastClock: FastClock | null
}

type Felt = Pick<MemberFault, 'target' | 'selling'>
/** Moments by `performance.now()`. */
export type Made = Felt &
  Counted & {
    readonly from: number
    readonly healingAt: number
    readonly backAt: number
  }
export type MemberBreak = (tools: Tools) => Promise<Made | Missed>

/** Records the moments of a fault. @param heal repairs what `act` left broken and returns once a majority is back */
export const timeBreak = async (
  { target, selling }: Felt,
  act: () => Promise<Outcome>,
  heal: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Made | Missed> => {
  const from = performance.now()
  const outcome = await act()
  const healingAt = performance.now()
  await heal()
  const backAt = performance.now()
  return outcome.kind === 'missed'
    ? outcome
    : { ...outcome, target, selling, from, healingAt, backAt }
}

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

export const restart = async (
  group: Group,
  member: Member,
  env?: NodeJS.ProcessEnv,
): Promise<void> => {
  await member.end()
  await member.start(env)
  await rejoined(group)
}

/** A random member that does not lead; null where there is none. */
export const anyFollower = async <Each extends Member>(
  { members, lead }: Group<Each>,
  random: () => number,
): Promise<Each | null> => {
  const leading = await lead()
  const others = members.filter((member) => member !== leading)
  return others[Math.floor(random() * others.length)] ?? null
}
