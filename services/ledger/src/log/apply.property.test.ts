import { describe, expect, test } from '@jest/globals'
import {
  decisionResults,
  money,
  operations,
  verdictKinds,
  type OperationId,
  type OperationKind,
  type VerdictKind,
} from '@recargas/contracts'
import fc from 'fast-check'
import type { InboundOperation } from './inbound-operation.ts'
import {
  aCajaChange,
  aClosing,
  aHandOver,
  administrator,
  aCorrection,
  aDecision,
  anId,
  anInjection,
  anOpening,
  anOpenShopOperations,
  aMovement,
  aShop,
  aTopup,
  aVerdict,
  idOf,
  merchant,
  policy,
  someLimits,
  start,
  type Shop,
} from '../testing/builders.ts'
import { countFaults, shiftFaults } from '../testing/drawer-truth.ts'
import { rebuiltState, valuesOf } from '../testing/rebuilt-state.ts'
import { inboundFor } from '../testing/inbound-for.ts'
import { simulatedLog } from '../testing/simulated-log.ts'
import type { JournalledEntry } from '../testing/simulated-story.ts'
import { isGuarded, type Session, type Topup } from '../accounting/entities.ts'
import type { Entry } from '../accounting/journal.ts'
import type { LedgerState } from '../accounting/ledger-view.ts'
import type { Applied, Operation, Outcome, Policy } from '../accounting/operation.ts'

/** One step of a story: the action is random, its target is chosen among the objects that the story has so far. */
const step = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('sell' as const),
      amount: fc.integer({ min: 1, max: 4_000 }),
      phone: fc.integer({ min: 0, max: 4 }),
      session: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('verdict' as const),
      of: fc.nat(),
      verdict: fc.constantFrom<VerdictKind>(...verdictKinds),
      closed: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('decide' as const),
      of: fc.nat(),
      result: fc.constantFrom(...decisionResults),
      fourEyes: fc.boolean(),
      user: fc.constantFrom('1', '7'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('inject' as const),
      amount: fc.integer({ min: 1, max: 9_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      amount: fc.integer({ min: 1, max: 9_000 }),
      direction: fc.constantFrom('in' as const, 'out' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('close' as const),
      counted: fc.integer({ min: 0, max: 60_000 }),
      session: fc.integer({ min: 1, max: 3 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('open' as const),
      counted: fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: undefined }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('declare' as const),
      counted: fc.integer({ min: 0, max: 60_000 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('hand-over' as const),
      counted: fc.integer({ min: 0, max: 60_000 }),
      session: fc.integer({ min: 1, max: 3 }),
      nextUser: fc.constantFrom('2', '3'),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('correct' as const),
      counted: fc.integer({ min: 0, max: 60_000 }),
      session: fc.integer({ min: 1, max: 3 }),
    }),
  },
)
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never

const operationsOf = (steps: readonly Step[]): Operation[] => {
  const topups: OperationId[] = []
  return steps.map((one): Operation => {
    switch (one.do) {
      case 'sell': {
        const sale = aTopup({
          amount: money(one.amount),
          carrierAmount: one.amount,
          number: `7000000${one.phone}`,
          sessionId: one.session,
        })
        topups.push(idOf(sale))
        return sale
      }
      case 'verdict':
        return aVerdict(
          topups[one.of % Math.max(topups.length, 1)] ?? anId(),
          one.verdict,
          one.closed ? { closed: true } : {},
        )
      case 'decide':
        return aDecision(topups[one.of % Math.max(topups.length, 1)] ?? anId(), one.result, {
          fourEyes: one.fourEyes,
          actor: { userId: one.user, username: 'x', role: 'Administrador' },
        })
      case 'inject':
        return anInjection({ amount: money(one.amount), keyed: true })
      case 'move':
        return aMovement({ amount: money(one.amount), direction: one.direction })
      case 'close':
        return aClosing({
          counted: money(one.counted),
          sessionId: one.session,
          acceptPending: true,
        })
      case 'hand-over':
        return aHandOver({
          counted: money(one.counted),
          sessionId: one.session,
          acceptPending: true,
          actor: administrator,
          nextUserId: one.nextUser,
        })
      case 'open':
        return anOpening(one.counted === undefined ? {} : { declared: money(one.counted) })
      case 'declare':
        return aCajaChange({ balance: money(one.counted) })
      case 'correct':
        return aCorrection({ counted: money(one.counted), sessionId: one.session })
    }
  })
}

type Played = {
  shop: Shop
  finals: Map<string, string>
  journal: { entry: Entry; outcome: Outcome }[]
  /** The state as the log's entries alone rebuild it. */
  rebuilt: LedgerState
}

const play = (steps: readonly Step[]): Played => {
  const shop = aShop([])
  const finals = new Map<string, string>()
  const journal: Played['journal'] = []
  const rebuilt = rebuiltState()
  const keep = (operation: Operation, applied: Applied) => {
    expectDeclared(operation, applied)
    rebuilt.take(operation, applied, shop.at())
    if (applied.entry !== null) journal.push({ entry: applied.entry, outcome: applied.outcome })
  }
  for (const operation of anOpenShopOperations()) keep(operation, shop.run(operation))
  for (const operation of operationsOf(steps)) {
    if (operation.type === 'CarrierVerdict' && !shop.state.topups.has(idOf(operation))) continue
    const before = shop.state.topups.get(idOf(operation))
    const closed = [...shop.state.sessions.values()].filter(({ state }) => state === 'closed')
    const applied = shop.run(operation)
    keep(operation, applied)
    if (before?.state === 'committed')
      expect(shop.state.topups.get(before.id)?.state).toBe('committed')
    // Only a correction is added to a closed session: its figures stay.
    for (const session of closed) {
      const after = shop.state.sessions.get(`${merchant}/${session.id}`)
      expect({ ...after, corrections: session.corrections }).toEqual(session)
    }
    if (applied.entry?.resolves != null) {
      expect(finals.has(applied.entry.resolves)).toBe(false)
      finals.set(applied.entry.resolves, applied.entry.kind)
    }
  }
  return { shop, finals, journal, rebuilt: rebuilt.state }
}

/** A till's operation leaves its own kind of entry, and is refused for a reason that it declares. */
const expectDeclared = ({ type }: Operation, { entry, outcome }: Applied): void => {
  const declared = isDeclared(type) ? operations[type] : null
  if (declared === null) return
  expect(entry?.kind).toBe(declared.entry.kind)
  if (outcome.kind === 'refused') expect(declared.refusals).toContain(outcome.code)
}
const isDeclared = (type: string): type is OperationKind => Object.hasOwn(operations, type)

const sum = (values: Iterable<number>): number =>
  [...values].reduce((total, value) => total + value, 0)

describe('whatever happens, in whatever order', () => {
  test('money is conserved, nothing is overdrawn, and balances equal the held sales', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { shop } = play(steps)
        const accounts = [...shop.state.accounts.values()]
        expect(sum(accounts.map(({ posted }) => posted))).toBe(0)
        for (const account of accounts) {
          expect(account.reserved).toBeGreaterThanOrEqual(0)
          expect(account.incoming).toBeGreaterThanOrEqual(0)
          if (isGuarded(account.kind))
            expect(account.posted - account.reserved).toBeGreaterThanOrEqual(0)
        }
        const held = [...shop.state.topups.values()].filter(
          ({ state }) => state === 'reserved' || state === 'in-review',
        )
        expect(shop.account('float/Tigo').reserved).toBe(sum(held.map(({ amount }) => amount)))
        expect(shop.account('drawer/1').incoming).toBe(sum(held.map(({ amount }) => amount)))
        for (const session of shop.state.sessions.values()) {
          if (session.state === 'open') {
            const own = held.filter((topup: Topup) => topup.sessionId === session.id)
            expect(session.pending).toBe(sum(own.map(({ amount }) => amount)))
            expect(shop.account('drawer/1').posted).toBe(expectedOf(session))
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('a mistake in the drawer is over or short once, whatever is pending over however many sessions', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const { shop, journal } = play(steps)
        expect(countFaults(journal)).toEqual([])
        expect(shiftFaults(journal, [...shop.state.sessions.values()])).toEqual([])
        for (const session of shop.state.sessions.values()) {
          const { state, pending, pendingEarlier, shortage, expected } = session
          if (state === 'closed') {
            expect(session.counted).toBe(
              (expected ?? 0) + pending + pendingEarlier + (session.difference ?? 0),
            )
          } else {
            expect(pending + pendingEarlier).toBe(shop.account('drawer/1').incoming)
            expect(shortage).toBe(0 - shop.account('drawer-shortage/1').posted)
          }
        }
      }),
      { numRuns: 300 },
    )
  })

  test('its log entries alone rebuild the state', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { shop, rebuilt } = play(steps)
        expect(valuesOf(rebuilt)).toEqual(valuesOf(shop.state))
      }),
      { numRuns: 300 },
    )
  })

  test('a reservation ends once at most, and held money without evidence stays held', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const { shop, finals } = play(steps)
        for (const topup of shop.state.topups.values()) {
          const isFinal = topup.state === 'committed' || topup.state === 'released'
          expect(finals.has(topup.id)).toBe(isFinal)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('the cut into batches never matters, nor does a repeated operation', () => {
    fc.assert(
      fc.property(
        fc.array(step, { maxLength: 40 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        fc.constantFrom(policy, limited),
        (steps, cuts, under) => {
          const operations = [...anOpenShopOperations(), ...operationsOf(steps)]
          const inbounds = operations.map((operation) => inboundFor(operation))
          const singly = journalOf(inbounds, () => 1, under)
          expect(journalOf(inbounds, () => 400, under)).toEqual(singly)
          expect(journalOf(inbounds, () => Number(cuts.next().value ?? 1), under)).toEqual(singly)
          const commandsTwice = inbounds.flatMap((inbound) =>
            inbound.operation.type === 'CarrierVerdict' ? [inbound] : [inbound, inbound],
          )
          expect(journalOf(commandsTwice, () => 7, under)).toEqual(singly)
        },
      ),
      { numRuns: 150 },
    )
  })
})

/** Low enough for a story of forty steps to reach each of them. */
const limited: Policy = {
  ...policy,
  limits: someLimits({
    cashier: { count: 5, amount: 9_000 },
    number: { count: 2, amount: 4_500 },
    operator: { count: 6, amount: 8_000 },
  }),
}

const expectedOf = (session: Session): number => session.opening + session.income - session.outgo

/** The entries that a writer appends for these operations, in batches of `cut()` operations. */
const journalOf = (
  inbounds: readonly InboundOperation[],
  cut: () => number,
  under: Policy,
): readonly JournalledEntry[] => {
  const ledger = simulatedLog({ policy: under, acceptWindowMs: 10_000, clockSkewMs: 2_000 })
  const owner = ledger.takeOver(start)
  for (let from = 0; from < inbounds.length;) {
    const batch = inbounds.slice(from, from + cut())
    from += batch.length
    ledger.write(owner, batch, start, 'whole')
  }
  return ledger.journal()
}
