import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  compare,
  compareRecharged,
  type Comparison,
  type Position,
  type Recharge,
  type Recharges,
  type Seen,
} from './compare.ts'

/** A shop and its carrier, step by step; only the carrier knows when it takes the money. */
type Sale = { readonly amount: number; taken: boolean; state: 'held' | 'committed' | 'released' }
type World = {
  balance: number
  readonly sales: Sale[]
  position: Position | null
  readonly runs: Comparison[]
}

const sell = (world: World, amount: number) =>
  void world.sales.push({ amount, taken: false, state: 'held' })
const heldAt = (world: World, pick: number): Sale | undefined => {
  const held = world.sales.filter(({ state }) => state === 'held')
  return held[pick % Math.max(held.length, 1)]
}
const take = (world: World, pick: number) => {
  const sale = heldAt(world, pick)
  if (sale === undefined || sale.taken) return
  sale.taken = true
  world.balance -= sale.amount
}
/** The ledger follows the carrier: a sale that it took is committed, any other is released. */
const settle = (world: World, pick: number) => {
  const sale = heldAt(world, pick)
  if (sale !== undefined) sale.state = sale.taken ? 'committed' : 'released'
}
const sumOf = (world: World, state: Sale['state']) =>
  world.sales.filter((sale) => sale.state === state).reduce((sum, { amount }) => sum + amount, 0)

/** A run is not one moment: sales go on before and after the carrier looks at its balance. */
const run = (world: World, before: readonly Step[], after: readonly Step[]) => {
  const committedBefore = sumOf(world, 'committed')
  for (const step of before) act(world, step)
  const { balance } = world
  for (const step of after) act(world, step)
  const seen: Seen = {
    at: world.runs.length,
    balance,
    committedBefore,
    committedAfter: sumOf(world, 'committed'),
    held: sumOf(world, 'held'),
  }
  const comparison = compare(world.position, seen)
  world.position = comparison
  world.runs.push(comparison)
}

type Step =
  | { readonly kind: 'sell'; readonly amount: number }
  | { readonly kind: 'take' | 'settle'; readonly pick: number }
const act = (world: World, step: Step) => {
  if (step.kind === 'sell') sell(world, step.amount)
  else if (step.kind === 'take') take(world, step.pick)
  else settle(world, step.pick)
}
const settleAll = (world: World) => {
  while (heldAt(world, 0) !== undefined) settle(world, 0)
}

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('sell' as const), amount: fc.integer({ min: 1, max: 500 }) }),
  fc.record({ kind: fc.constantFrom('take' as const, 'settle' as const), pick: fc.nat(20) }),
)
const someSteps = fc.array(step, { maxLength: 6 })
const anHour = fc.record({ meanwhile: someSteps, before: someSteps, after: someSteps })
type Hour = { readonly [Part in 'meanwhile' | 'before' | 'after']: readonly Step[] }
const live = (world: World, { meanwhile, before, after }: Hour) => {
  for (const one of meanwhile) act(world, one)
  run(world, before, after)
}
const aWorld = (): World => ({ balance: 10_000, sales: [], position: null, runs: [] })
const differences = ({ runs }: World) => runs.reduce((sum, { difference }) => sum + difference, 0)

describe('a comparison with the carrier', () => {
  it('never calls sales in flight a difference, whenever they are sold, taken and settled', () => {
    fc.assert(
      fc.property(fc.array(anHour, { maxLength: 12 }), (hours) => {
        const world = aWorld()
        for (const hour of hours) live(world, hour)
        settleAll(world)
        run(world, [], [])
        expect(world.runs.map(({ status }) => status)).not.toContain('different')
      }),
      { numRuns: 500 },
    )
  })

  it('finds all that moved without a sale once nothing is open, and never more than that', () => {
    fc.assert(
      fc.property(
        fc.array(anHour, { maxLength: 6 }),
        fc.array(anHour, { maxLength: 6 }),
        fc.integer({ min: -3_000, max: 3_000 }).filter((moved) => moved !== 0),
        (earlier, later, unknown) => {
          const world = aWorld()
          run(world, [], [])
          for (const hour of earlier) live(world, hour)
          world.balance -= unknown
          for (const hour of later) live(world, hour)
          settleAll(world)
          run(world, [], [])
          expect(differences(world)).toBe(unknown)
          run(world, [], [])
          expect(world.runs.at(-1)).toMatchObject({ status: 'equal', difference: 0 })
        },
      ),
      { numRuns: 500 },
    )
  })

  it('starts with a baseline', () => {
    const world = aWorld()
    run(world, [], [])
    expect(world.runs).toMatchObject([{ status: 'baseline', moved: 0, committed: 0, open: 0 }])
  })

  it('reports equal when the committed amount was taken', () => {
    const world = aWorld()
    run(world, [], [])
    sell(world, 100)
    take(world, 0)
    settle(world, 0)
    run(world, [], [])
    expect(world.runs[1]).toMatchObject({ status: 'equal', moved: 100, committed: 100, open: 0 })
  })

  it('waits while open sales may explain it, and no longer', () => {
    const world = aWorld()
    run(world, [], [])
    sell(world, 100)
    world.balance -= 100
    run(world, [], [])
    world.balance -= 1
    run(world, [], [])
    expect(world.runs.slice(1)).toMatchObject([
      { status: 'open', moved: 100, open: 100, difference: 0 },
      { status: 'different', moved: 101, open: 100, difference: 1 },
    ])
  })

  it('reports a difference once, in its direction', () => {
    const world = aWorld()
    run(world, [], [])
    world.balance += 700
    run(world, [], [])
    run(world, [], [])
    expect(world.runs.slice(1)).toMatchObject([
      { status: 'different', moved: -700, difference: -700 },
      { status: 'equal', moved: 0, difference: 0 },
    ])
  })

  it('does not take a sale that was in flight at the baseline for a difference', () => {
    const world = aWorld()
    sell(world, 100)
    take(world, 0)
    run(world, [], [])
    settle(world, 0)
    run(world, [], [])
    expect(world.runs.at(-1)).toMatchObject({ status: 'equal', difference: 0 })
    expect(world.runs.at(-1)?.since.open).toBe(100)
  })

  it('reports the width of the comparison: 0 only between exact figures on both sides', () => {
    const world = aWorld()
    sell(world, 100)
    take(world, 0)
    run(world, [], [])
    // Sales in flight hide a loss of up to their sum.
    world.balance -= 60
    settle(world, 0)
    run(world, [], [])
    run(world, [], [])
    expect(world.runs).toMatchObject([
      { status: 'baseline', uncertain: 100 },
      { status: 'equal', uncertain: 100 },
      { status: 'equal', uncertain: 0 },
    ])
  })

  it('finds every difference where exact figures are compared', () => {
    fc.assert(
      fc.property(
        fc.array(anHour, { maxLength: 8 }),
        fc.integer({ min: 1, max: 3_000 }),
        (hours, lost) => {
          const world = aWorld()
          run(world, [], [])
          for (const hour of hours) live(world, hour)
          settleAll(world)
          run(world, [], [])
          if (world.runs.at(-1)?.uncertain !== 0) return
          world.balance -= lost
          run(world, [], [])
          expect(world.runs.at(-1)).toMatchObject({ status: 'different', difference: lost })
        },
      ),
    )
  })
})

describe('a recharge of the account at the carrier', () => {
  type Recharging = Omit<World, 'position' | 'runs'> & {
    recorded: Recharge[]
    position: (Position & { readonly recharges: Recharges }) | null
    readonly runs: (Comparison & { readonly recharges: Recharges })[]
  }
  const aRechargingWorld = (): Recharging => ({
    ...aWorld(),
    recorded: [],
    position: null,
    runs: [],
  })
  let ids = 0
  const record = (world: Recharging, amount: number) => {
    ids += 1
    world.recorded.push({ id: String(ids), amount })
  }
  const look = (world: Recharging) => {
    const committed = sumOf(world, 'committed')
    const seen: Seen = {
      at: world.runs.length,
      balance: world.balance,
      committedBefore: committed,
      committedAfter: committed,
      held: sumOf(world, 'held'),
    }
    const comparison = compareRecharged(world.position, seen, world.recorded)
    world.recorded = []
    world.position = comparison
    world.runs.push(comparison)
    return comparison
  }
  const differencesOf = ({ runs }: Recharging) => runs.map(({ difference }) => difference)

  it('opens no case, whether it is recorded before the carrier credits it or after', () => {
    const world = aRechargingWorld()
    look(world)
    record(world, 700)
    expect(look(world).recharges.awaited).toHaveLength(1)
    world.balance += 700
    expect(look(world).recharges).toMatchObject({ credited: 700, awaited: [] })
    world.balance += 300
    record(world, 300)
    expect(look(world).recharges).toMatchObject({ credited: 1_000, awaited: [] })
    expect(differencesOf(world)).toEqual([0, 0, 0, 0])
  })

  it('that a run has found before it was recorded is one case, and no second one', () => {
    const world = aRechargingWorld()
    look(world)
    world.balance += 700
    expect(look(world).difference).toBe(-700)
    record(world, 700)
    expect(look(world).recharges).toEqual({ credited: 0, awaited: [], unexplained: [] })
    world.balance += 700
    expect(look(world).difference).toBe(-700)
    expect(differencesOf(world)).toEqual([0, -700, 0, -700])
  })

  it('hides no other movement beside it', () => {
    const world = aRechargingWorld()
    look(world)
    record(world, 700)
    world.balance += 700 - 40
    expect(look(world)).toMatchObject({ difference: 40, recharges: { credited: 700, awaited: [] } })
    expect(look(world).difference).toBe(0)
  })

  it('is awaited as long as sales in flight may be what the balance shows', () => {
    const world = aRechargingWorld()
    look(world)
    record(world, 100)
    sell(world, 100)
    expect(look(world)).toMatchObject({ status: 'open', recharges: { credited: 0 } })
    take(world, 0)
    settle(world, 0)
    world.balance += 100
    expect(look(world)).toMatchObject({
      status: 'equal',
      recharges: { credited: 100, awaited: [] },
    })
  })

  it('is told apart from another of the same sum', () => {
    const world = aRechargingWorld()
    look(world)
    record(world, 500)
    record(world, 500)
    world.balance += 500
    expect(look(world).recharges).toMatchObject({ credited: 500, awaited: [{ amount: 500 }] })
    world.balance += 500
    expect(look(world).recharges).toMatchObject({ credited: 1_000, awaited: [] })
    expect(differencesOf(world)).toEqual([0, 0, 0])
  })

  const rechargingHour = fc.record({
    meanwhile: someSteps,
    recorded: fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 2 }),
    credited: fc.nat(3),
  })
  it('never opens a case, whatever is sold meanwhile and whenever the carrier credits it', () => {
    fc.assert(
      fc.property(fc.array(rechargingHour, { maxLength: 5 }), (hours) => {
        const world = aRechargingWorld()
        const underWay: number[] = []
        look(world)
        for (const { meanwhile, recorded, credited } of hours) {
          for (const one of meanwhile) act(world, one)
          for (const amount of recorded) {
            record(world, amount)
            underWay.push(amount)
          }
          for (const amount of underWay.splice(0, credited)) world.balance += amount
          look(world)
        }
        settleAll(world)
        for (const amount of underWay) world.balance += amount
        look(world)
        expect(world.runs.map(({ status }) => status)).not.toContain('different')
        const recorded = hours.flatMap((hour) => hour.recorded).reduce((sum, each) => sum + each, 0)
        expect(world.position?.recharges).toMatchObject({ credited: recorded, awaited: [] })
      }),
      { numRuns: 100 },
    )
  })
})
