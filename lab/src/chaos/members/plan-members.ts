import { shuffled } from '../plan.ts'

/** Both servers have members: a queue's leader and its followers, a primary and its secondaries. */
const targets = ['broker', 'leader', 'secondary', 'primary'] as const
export type Target = (typeof targets)[number]

/** Done to one member: it dies, it stands still, nothing reaches it. */
const memberActions = ['kill', 'pause', 'cut'] as const
export type MemberAction = (typeof memberActions)[number]

export const ofOneMember = memberActions.flatMap((action) =>
  targets.map((target) => ({ action, target, name: `${action} ${target}` as const })),
)
const namesOfOneMember = ofOneMember.map(({ name }) => name)

/** One member alone from the two others, which the services still reach; two of three gone; one restarted after another. */
const ofGroups = [
  'part leader',
  'part primary',
  'lose two brokers',
  'lose two databases',
  'roll brokers',
  'roll databases',
] as const

/** A clock that is five seconds ahead. */
const ofClocks = ['clock ledger', 'clock gateway', 'clock secondary', 'clock primary'] as const

/** All services, one after another, by another build; `upgrade` begins with the older one. */
const ofVersions = ['upgrade', 'downgrade'] as const

export const memberFaultNames = [
  ...ofVersions,
  ...namesOfOneMember,
  ...ofGroups,
  ...ofClocks,
] as const
export type MemberFaultName = (typeof memberFaultNames)[number]

export const membersProfile = {
  name: 'members',
  /** Accepted ones, at least. */
  sales: 5_000,
  salesPerSecond: 24,
  /** Customers served at once, at most. */
  tills: 64,
  /** Every customer waits for a clear answer. */
  leavesChance: 0,
} as const

/** The services first from the older build to this one, back, and to this one again; then every other fault once, in any order. */
export const planMembers = (random: () => number): readonly MemberFaultName[] => [
  ...(['upgrade', 'downgrade', 'upgrade'] as const),
  ...shuffled([...namesOfOneMember, ...ofGroups, ...ofClocks], random),
]

/** Needs a network that can be cut. */
export const cutsNetwork = (name: MemberFaultName): boolean => /^(cut|part) /.test(name)
