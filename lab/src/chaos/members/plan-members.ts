/** Both servers have members: a queue's leader and its followers, a primary and its secondaries. */
export const targets = ['broker', 'leader', 'secondary', 'primary'] as const
export type Target = (typeof targets)[number]

/** Done to one member: it dies, it stands still, nothing reaches it. */
export const memberActions = ['kill', 'pause', 'cut'] as const
export type MemberAction = (typeof memberActions)[number]

const ofOneMember = memberActions.flatMap((action) =>
  targets.map((target) => `${action} ${target}` as const),
)

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

export const memberFaultNames = [...ofVersions, ...ofOneMember, ...ofGroups, ...ofClocks] as const
export type MemberFaultName = (typeof memberFaultNames)[number]

export type MembersProfile = {
  readonly name: 'members'
  /** Accepted ones, at least. */
  readonly sales: number
  readonly salesPerSecond: number
  /** Customers served at once, at most. */
  readonly tills: number
  /** Every customer waits for a clear answer. */
  readonly leavesChance: 0
}

export const membersProfile: MembersProfile = {
  name: 'members',
  sales: 5_000,
  salesPerSecond: 24,
  tills: 64,
  leavesChance: 0,
}

/** The services first from the older build to this one, back, and to this one again; then every other fault once, in any order. */
export const planMembers = (random: () => number): readonly MemberFaultName[] => {
  const others = [...ofOneMember, ...ofGroups, ...ofClocks]
  const shuffled = others
    .map((name) => ({ name, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ name }) => name)
  return ['upgrade', 'downgrade', 'upgrade', ...shuffled]
}

/** Needs a network that can be cut. */
export const cutsNetwork = (name: MemberFaultName): boolean => /^(cut|part) /.test(name)
