import {
  afterInsert,
  afterLookUp,
  takeoverAfter,
  type InsertReply,
} from '../log/append-protocol.ts'
import { batchBlock, birthBlock, takeoverBlock, type Block } from '../log/block.ts'
import {
  forgetMemoized,
  memoized,
  standing,
  stateKeys,
  violationIn,
  withBlock,
  type Owner,
  type World,
} from './append-world.ts'

/** The functions of the append protocol, so that a broken one can be put in their place. */
export type Protocol = {
  readonly afterInsert: typeof afterInsert
  readonly afterLookUp: typeof afterLookUp
  readonly takeoverAfter: typeof takeoverAfter
}
export const appendProtocol: Protocol = { afterInsert, afterLookUp, takeoverAfter }

/** Promises of the database that the protocol builds on; each can be taken away. */
export type Database = {
  /** False: `inserted` is reported only for blocks that a majority holds. */
  readonly hidesWriteConcernErrors: boolean
  /** False: a look-up reads the majority's blocks, not the primary's local ones. */
  readonly readsLocally: boolean
}
export const promisedDatabase: Database = { hidesWriteConcernErrors: false, readsLocally: false }

/** Positions after the birth: the last block that anyone appends. */
const lastPosition = 4
/** Times that each process comes back as another owner. */
const restarts: Readonly<Record<string, number>> = { a: 1 }

export type Exploration = {
  readonly states: number
  /** The first violation of an invariant, or null. */
  readonly violation: string | null
  /** Number of states in which every owner has stopped. */
  readonly ended: number
  /** Most blocks that were acknowledged in one state. */
  readonly acknowledgedMax: number
}

/** Explores every order of events of two owners, breadth first, and checks the invariants in each state. */
export const exploreAppends = (
  protocol: Protocol = appendProtocol,
  database: Database = promisedDatabase,
): Exploration => {
  forgetMemoized()
  const keyOf = stateKeys()
  const first = firstWorld()
  const seen = new Set([keyOf(first)])
  let frontier: World[] = [first]
  let [ended, acknowledgedMax] = [0, 0]
  while (frontier.length > 0) {
    const next: World[] = []
    for (const world of frontier) {
      const violation = violationIn(world)
      if (violation !== null) return { states: seen.size, violation, ended, acknowledgedMax }
      if (world.owners.every(({ phase }) => phase === 'stopped')) ended += 1
      acknowledgedMax = Math.max(acknowledgedMax, world.acknowledged.length)
      for (const successor of successorsOf(world, protocol, database)) {
        const key = keyOf(successor)
        if (seen.has(key)) continue
        seen.add(key)
        next.push(successor)
      }
    }
    frontier = next
  }
  return { states: seen.size, violation: null, ended, acknowledgedMax }
}

const birth = birthBlock(0, { id: 'birth', namespace: 'names', partitions: 1, at: 0 })

const firstWorld = (): World => ({
  majority: [birth],
  local: [],
  sent: [],
  owners: ['a', 'b'].map((name) => ({
    name,
    takeovers: 0,
    phase: 'starting',
    waitsFor: null,
    tip: null,
    block: null,
  })),
  acknowledged: [],
})

function* successorsOf(world: World, protocol: Protocol, database: Database): Generator<World> {
  yield* databaseSteps(world)
  for (const [index, owner] of world.owners.entries()) {
    for (const step of ownerSteps(world, owner, protocol, database)) {
      const owners = world.owners.map((each, other) => (other === index ? step.owner : each))
      yield {
        ...world,
        owners,
        sent: step.sends === undefined ? world.sent : withBlock(world.sent, step.sends),
        acknowledged:
          step.acknowledges === undefined
            ? world.acknowledged
            : withBlock(world.acknowledged, step.acknowledges),
      }
    }
  }
}

function* databaseSteps(world: World): Generator<World> {
  const { majority, local, sent } = world
  for (const block of sent) {
    if (standing(world, block.position) === undefined) yield { ...world, local: [...local, block] }
  }
  const [replicated, ...rest] = local
  if (replicated === undefined) return
  yield { ...world, majority: [...majority, replicated], local: rest }
  for (let kept = 0; kept < local.length; kept += 1) yield { ...world, local: local.slice(0, kept) }
}

type OwnerStep = {
  readonly owner: Owner
  readonly sends?: Block
  readonly acknowledges?: Block
}

function* ownerSteps(
  world: World,
  owner: Owner,
  protocol: Protocol,
  database: Database,
): Generator<OwnerStep> {
  if (owner.phase === 'stopped') return
  if (owner.phase === 'starting') {
    // A majority read on a deposed primary may be stale: it can return any prefix.
    for (const tip of world.majority) yield sending(owner, 'taking-over', tip, takeover(owner, tip))
    return
  }
  const { tip, block } = owner
  if (tip === null || block === null) {
    yield* nextBatch(owner)
    return
  }
  // A waiting owner may give up in doubt or be killed, and restart as another owner. An owner that never restarts is one whose
  // steps are never taken.
  if (owner.takeovers < restartsOf(owner)) yield { owner: restarted(owner) }
  if (owner.waitsFor === 'insert') {
    for (const reply of repliesTo(world, block, database)) {
      yield afterReply(owner, tip, block, reply, protocol)
    }
    return
  }
  for (const found of findings(world, block.position, database)) {
    yield afterFound(owner, tip, block, found, protocol)
  }
}

function* nextBatch(owner: Owner): Generator<OwnerStep> {
  const { tip } = owner
  if (tip === null || tip.position >= lastPosition) {
    yield { owner: { ...owner, phase: 'stopped' } }
    return
  }
  const batch = memoized(`batch ${owner.name} ${tip.hash}`, () =>
    batchBlock(tip, { at: tip.at, rules: 1, policy: '{}', entries: [`"${owner.name}"`] }),
  )
  yield sending(owner, 'owning', tip, batch)
}

const takeover = ({ name, takeovers }: Owner, tip: Block): Block =>
  memoized(`takeover ${name}${takeovers} ${tip.hash}`, () =>
    takeoverBlock(tip, `${name}${takeovers}`, 0),
  )

const restartsOf = ({ name }: Owner): number => restarts[name] ?? 0

const restarted = (owner: Owner): Owner =>
  owner.takeovers >= restartsOf(owner)
    ? { ...owner, phase: 'stopped', waitsFor: null, tip: null, block: null }
    : {
        ...owner,
        takeovers: owner.takeovers + 1,
        phase: 'starting',
        waitsFor: null,
        tip: null,
        block: null,
      }

const sending = (owner: Owner, phase: Owner['phase'], tip: Block, block: Block): OwnerStep =>
  block.position > lastPosition
    ? { owner: { ...owner, phase: 'stopped', waitsFor: null, tip: null, block: null } }
    : { owner: { ...owner, phase, tip, block, waitsFor: 'insert' }, sends: block }

/** Every answer that the database may give to that insert now. */
function* repliesTo(
  world: World,
  block: Block,
  { hidesWriteConcernErrors }: Database,
): Generator<InsertReply> {
  yield 'unknown'
  const stands = standing(world, block.position)
  if (stands === undefined) return
  yield 'duplicate-key'
  const known = hidesWriteConcernErrors ? stands : world.majority[block.position]
  if (known?.hash === block.hash) yield 'inserted'
}

/** Every answer that a look-up may give now: an old one finds nothing yet. */
function* findings(
  world: World,
  position: number,
  { readsLocally }: Database,
): Generator<Block | null> {
  const found = readsLocally ? standing(world, position) : world.majority[position]
  yield null
  if (found !== undefined) yield found
}

const afterReply = (
  owner: Owner,
  tip: Block,
  block: Block,
  reply: InsertReply,
  protocol: Protocol,
): OwnerStep => {
  const next = protocol.afterInsert(block, reply)
  if (next === null) return appended(owner, block)
  return next.step === 'insert'
    ? sending(owner, owner.phase, tip, block)
    : { owner: { ...owner, waitsFor: 'look-up' } }
}

const afterFound = (
  owner: Owner,
  tip: Block,
  block: Block,
  found: Block | null,
  protocol: Protocol,
): OwnerStep => {
  const outcome = memoized(`look-up ${tip.hash} ${block.hash} ${found?.hash ?? ''}`, () =>
    protocol.afterLookUp(tip, block, found),
  )
  switch (outcome.kind) {
    case 'again':
      return sending(owner, owner.phase, tip, block)
    case 'appended':
      return appended(owner, block)
    case 'occupied':
      return owner.phase === 'taking-over'
        ? sending(
            owner,
            'taking-over',
            outcome.by,
            memoized(`after ${outcome.by.hash} ${block.hash}`, () =>
              protocol.takeoverAfter(outcome.by, block),
            ),
          )
        : { owner: restarted(owner) }
    case 'damaged':
      throw new Error(`damage at ${outcome.damage.position}: ${outcome.damage.detail}`)
  }
}

const appended = (owner: Owner, block: Block): OwnerStep => ({
  owner: { ...owner, phase: 'owning', tip: block, block: null, waitsFor: null },
  acknowledges: block,
})
