import { expect, test } from '@jest/globals'
import type { OperationAnswer } from '@recargas/contracts'
import { createFakeClock } from '../testing/fake-clock.ts'
import { aSale, aTopup, expiredEvent, refusedEvent, settledEvent } from '../testing/samples.ts'
import type { Outcome } from './outcome.ts'
import { createCommandSender, lateCopiesMax, type CommandSenderDeps } from './send-and-await.ts'
import { createWaiters } from './waiters.ts'

const limits: CommandSenderDeps['limits'] = {
  pollAfterMs: 2_000,
  pollEveryMs: 1_000,
  republishAfterMs: 500,
  republishConfirmedAfterMs: 4_000,
  notAcceptedAfterMs: 15_000,
  waitingMax: 10,
}
/** Fingerprint of the body that {@link aSale} presses. */
const { fingerprint } = aSale(0)
const absent: OperationAnswer = { kind: 'absent' }

type PublishKind = Awaited<ReturnType<CommandSenderDeps['publish']>>['kind']

/** One gateway whose broker and ledger a test fakes. */
const aGateway = (changes: Partial<CommandSenderDeps['limits']> = {}) => {
  const clock = createFakeClock()
  const waiters = createWaiters()
  const published: { readonly body: string; readonly at: number }[] = []
  const asked: number[] = []
  const startedAt = clock.now()
  const fakes = {
    publish: (): Promise<PublishKind> => Promise.resolve('confirmed'),
    ledger: (): Promise<OperationAnswer | null> => Promise.resolve(absent),
  }
  const { sendAndAwait, stop } = createCommandSender({
    publish: async (serialized) => {
      published.push({ body: serialized.body, at: clock.now() - startedAt })
      return { kind: await fakes.publish() }
    },
    askLedger: () => {
      asked.push(clock.now() - startedAt)
      return fakes.ledger()
    },
    waiters,
    clock,
    limits: { ...limits, ...changes },
    report: () => undefined,
  })
  const press = (serialized = aSale(clock.now()), settlementWaitMs = 25_000) => {
    const answer: { outcome: Outcome | null; at: number } = { outcome: null, at: 0 }
    void sendAndAwait(serialized, settlementWaitMs).then((outcome) => {
      answer.outcome = outcome
      answer.at = clock.now() - startedAt
    })
    return { serialized, answer }
  }
  return { clock, waiters, published, asked, fakes, press, stop }
}

test('answers with the settlement an event brings, asking and repeating nothing', async () => {
  const gateway = aGateway()
  const { serialized, answer } = gateway.press()
  await gateway.clock.advance(300)
  expect(answer.outcome).toBeNull()
  gateway.waiters.receive(settledEvent(serialized, gateway.clock.now()))
  await gateway.clock.advance(0)
  expect(answer.outcome).toMatchObject({ kind: 'topup', topup: { state: 'committed' } })
  expect(gateway.published).toHaveLength(1)
  expect(gateway.asked).toEqual([])
})

test('after two seconds of silence asks the ledger every second', async () => {
  const gateway = aGateway()
  gateway.press()
  await gateway.clock.advance(5_500)
  expect(gateway.asked).toEqual([2_000, 3_000, 4_000, 5_000])
})

test('asks later and less often while outcomes take longer', async () => {
  const gateway = aGateway()
  const { serialized } = gateway.press()
  await gateway.clock.advance(1_500)
  gateway.waiters.receive(settledEvent(serialized, gateway.clock.now()))
  await gateway.clock.advance(0)
  gateway.press()
  await gateway.clock.advance(8_000)
  // 1.5 s and four deviations of 0.75 s, after 1.5 s; then each half of that.
  expect(gateway.asked).toEqual([6_000, 8_250])
})

test('a settlement with a lost event is found by a look-up', async () => {
  const gateway = aGateway()
  gateway.fakes.ledger = () => Promise.resolve({ kind: 'topup', fingerprint, topup: aTopup() })
  const { answer } = gateway.press()
  await gateway.clock.advance(2_000)
  expect(answer).toMatchObject({ at: 2_000, outcome: { kind: 'topup' } })
})

test('publishes the same bytes again while the broker did not confirm them', async () => {
  const gateway = aGateway()
  gateway.fakes.publish = () => Promise.resolve('refused')
  gateway.fakes.ledger = () => Promise.resolve(null)
  gateway.press()
  await gateway.clock.advance(4_500)
  expect(gateway.published.map(({ at }) => at)).toEqual([0, 2_000, 3_000, 4_000])
  expect(new Set(gateway.published.map(({ body }) => body)).size).toBe(1)
})

test('does not publish again while an earlier publish is still under way', async () => {
  const gateway = aGateway()
  gateway.fakes.publish = () => new Promise(() => undefined)
  gateway.press()
  await gateway.clock.advance(9_000)
  expect(gateway.published).toHaveLength(1)
})

test('a confirmed command is published again only when the ledger answers and does not know it', async () => {
  const silent = aGateway()
  silent.fakes.ledger = () => Promise.resolve(null)
  silent.press()
  await silent.clock.advance(9_900)
  expect(silent.published).toHaveLength(1)

  const emptied = aGateway()
  emptied.press()
  await emptied.clock.advance(9_900)
  expect(emptied.published.map(({ at }) => at)).toEqual([0, 4_000, 8_000])
})

test.each<readonly [string, PublishKind, OperationAnswer | null, readonly number[]]>([
  ['a broker that takes nothing', 'refused', null, [11_000, 12_000, 13_000, 14_000, 15_000]],
  ['a broker that lost it', 'confirmed', absent, [11_000, 15_000, 19_000, 23_000, 27_000]],
])(
  'after its limit a command goes out again, the same bytes, a stated number of times: %s',
  async (_, publishes, answers, late) => {
    const gateway = aGateway({ notAcceptedAfterMs: 60_000 })
    gateway.fakes.publish = () => Promise.resolve(publishes)
    gateway.fakes.ledger = () => Promise.resolve(answers)
    const { serialized, answer } = gateway.press()
    await gateway.clock.advance(60_000)
    expect(late).toHaveLength(lateCopiesMax)
    expect(gateway.published.map(({ at }) => at).filter((at) => at > 10_000)).toEqual(late)
    expect(new Set(gateway.published.map(({ body }) => body))).toEqual(new Set([serialized.body]))
    expect(answer).toEqual({ at: 60_000, outcome: { kind: 'unknown' } })
  },
)

test("says not accepted on the ledger's refusal of a copy that came after the limit", async () => {
  const gateway = aGateway()
  const { serialized, answer } = gateway.press()
  gateway.fakes.publish = () => {
    const now = gateway.clock.now()
    if (now > serialized.acceptUntil) gateway.waiters.receive(expiredEvent(serialized, now))
    return Promise.resolve('confirmed')
  }
  await gateway.clock.advance(14_000)
  expect(answer).toEqual({ at: 11_000, outcome: { kind: 'not-accepted' } })
})

test('a copy after the limit that a slower clock still accepts answers with its sale', async () => {
  const gateway = aGateway()
  const { serialized, answer } = gateway.press()
  gateway.fakes.publish = () => {
    const now = gateway.clock.now()
    if (now > serialized.acceptUntil) gateway.waiters.receive(settledEvent(serialized, now - 2_000))
    return Promise.resolve('confirmed')
  }
  await gateway.clock.advance(14_000)
  expect(answer).toMatchObject({ at: 11_000, outcome: { kind: 'topup' } })
})

test('answers unknown after 15 seconds when the ledger cannot be asked', async () => {
  const gateway = aGateway()
  gateway.fakes.ledger = () => Promise.resolve(null)
  const { answer } = gateway.press()
  await gateway.clock.advance(14_900)
  expect(answer.outcome).toBeNull()
  await gateway.clock.advance(200)
  expect(answer).toEqual({ at: 15_000, outcome: { kind: 'unknown' } })
})

test('says unknown, not "not accepted", where the ledger knows nothing and refuses nothing', async () => {
  const gateway = aGateway()
  const { answer } = gateway.press()
  await gateway.clock.advance(15_000)
  expect(answer.outcome).toEqual({ kind: 'unknown' })
})

test('a sale that the ledger holds is awaited for 25 seconds, then answered as it stands', async () => {
  const gateway = aGateway()
  gateway.fakes.ledger = () =>
    Promise.resolve({ kind: 'topup', fingerprint, topup: aTopup({ state: 'reserved' }) })
  const { answer } = gateway.press()
  await gateway.clock.advance(24_900)
  expect(answer.outcome).toBeNull()
  expect(gateway.published).toHaveLength(1)
  await gateway.clock.advance(100)
  expect(answer).toMatchObject({
    at: 25_000,
    outcome: { kind: 'topup', topup: { state: 'reserved' } },
  })
})

test('stays with the pending sale where the ledger falls silent after it had spoken', async () => {
  const gateway = aGateway()
  gateway.fakes.ledger = () =>
    Promise.resolve(
      gateway.asked.length === 1
        ? { kind: 'topup', fingerprint, topup: aTopup({ state: 'reserved' }) }
        : null,
    )
  const { answer } = gateway.press()
  await gateway.clock.advance(25_000)
  expect(answer.outcome).toMatchObject({ kind: 'topup', topup: { state: 'reserved' } })
})

test('Prefer shortens the wait for settlement only: it still takes the ledger to have spoken', async () => {
  const gateway = aGateway()
  const { answer } = gateway.press(undefined, 0)
  await gateway.clock.advance(5_000)
  expect(answer.outcome).toBeNull()
  gateway.fakes.ledger = () =>
    Promise.resolve({ kind: 'topup', fingerprint, topup: aTopup({ state: 'reserved' }) })
  await gateway.clock.advance(1_000)
  expect(answer.outcome).toMatchObject({ kind: 'topup', topup: { state: 'reserved' } })
})

test('a caller that does not wait gets the pending sale at the first look-up', async () => {
  const gateway = aGateway()
  gateway.fakes.ledger = () =>
    Promise.resolve({ kind: 'topup', fingerprint, topup: aTopup({ state: 'reserved' }) })
  const { answer } = gateway.press(undefined, 0)
  await gateway.clock.advance(200)
  expect(answer.at).toBe(200)
  expect(answer.outcome).toMatchObject({ topup: { state: 'reserved' } })
})

test('two presses of one key and body both get the one answer', async () => {
  const gateway = aGateway()
  const first = gateway.press()
  await gateway.clock.advance(700)
  const second = gateway.press(aSale(gateway.clock.now()))
  await gateway.clock.advance(100)
  gateway.waiters.receive(settledEvent(first.serialized, gateway.clock.now()))
  await gateway.clock.advance(0)
  expect(first.answer.outcome).toMatchObject({ kind: 'topup' })
  expect(second.answer.outcome).toEqual(first.answer.outcome)
})

test('a refusal of another body under the same key reaches only the sender of that body', async () => {
  const gateway = aGateway()
  const first = gateway.press()
  const other = gateway.press(aSale(gateway.clock.now(), { number: '70000000' }))
  await gateway.clock.advance(100)
  gateway.waiters.receive(
    refusedEvent(other.serialized, gateway.clock.now(), {
      code: 'IDEMPOTENCY_KEY_REUSED',
      details: {},
    }),
  )
  await gateway.clock.advance(0)
  expect(first.answer.outcome).toBeNull()
  expect(other.answer.outcome).toMatchObject({ refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } })
})

test("another body under the same key never gets the first one's sale", async () => {
  const byEvent = aGateway()
  const first = byEvent.press()
  const other = byEvent.press(aSale(byEvent.clock.now(), { number: '70000000' }))
  byEvent.waiters.receive(settledEvent(first.serialized, byEvent.clock.now()))
  await byEvent.clock.advance(0)
  expect(first.answer.outcome).toMatchObject({ kind: 'topup' })
  expect(other.answer.outcome).toBeNull()

  const byAsking = aGateway()
  byAsking.fakes.ledger = () => Promise.resolve({ kind: 'topup', fingerprint, topup: aTopup() })
  const late = byAsking.press(aSale(byAsking.clock.now(), { number: '70000000' }))
  await byAsking.clock.advance(2_000)
  expect(late.answer.outcome).toMatchObject({ refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } })
})

test.each<readonly [string, OperationAnswer]>([
  ['a refusal', { kind: 'refused', fingerprint, refusal: { code: 'LIMIT_REACHED', details: {} } }],
  [
    'a result',
    {
      kind: 'applied',
      fingerprint,
      result: { kind: 'resolution', topupId: aTopup().topupId, state: 'closing' },
    },
  ],
])('another body under the same key never gets %s of the first one by asking', async (_, known) => {
  const gateway = aGateway()
  gateway.fakes.ledger = () => Promise.resolve(known)
  const same = gateway.press()
  const other = gateway.press(aSale(gateway.clock.now(), { number: '70000000' }))
  await gateway.clock.advance(2_000)
  expect(same.answer.outcome).toMatchObject({ kind: known.kind })
  expect(other.answer.outcome).toMatchObject({ refusal: { code: 'IDEMPOTENCY_KEY_REUSED' } })
})

test('a confirmed press is not answered by the suspicion of the press before it, however it is learned', async () => {
  const suspicion = { code: 'DUPLICATE_SUSPECTED', details: {} } as const
  const gateway = aGateway()
  gateway.fakes.ledger = () => Promise.resolve({ kind: 'refused', fingerprint, refusal: suspicion })
  const now = gateway.clock.now()
  const unconfirmed = gateway.press()
  const confirmed = gateway.press(aSale(now, { confirmDuplicate: true }))
  gateway.waiters.receive(refusedEvent(unconfirmed.serialized, now, suspicion))
  await gateway.clock.advance(5_000)
  expect(unconfirmed.answer.outcome).toMatchObject({ refusal: suspicion })
  expect(confirmed.answer.outcome).toBeNull()
  // The ledger answers and has not heard of it yet: the same bytes go out again.
  expect(gateway.published).toHaveLength(3)
  gateway.waiters.receive(settledEvent(unconfirmed.serialized, gateway.clock.now()))
  await gateway.clock.advance(0)
  expect(confirmed.answer.outcome).toMatchObject({ kind: 'topup' })
})

test.each([
  ['behind the ledger', 90_000],
  ['in step with it', 10_500],
  ['ahead of it, so far that the press was refused at once', -60_000],
])(
  "its own press's expiry means not accepted to a gateway whose clock is %s",
  async (_, ledgerMs) => {
    const gateway = aGateway()
    const { serialized, answer } = gateway.press()
    const ledgerTime = gateway.clock.now() + ledgerMs
    gateway.waiters.receive(expiredEvent(serialized, ledgerTime))
    await gateway.clock.advance(0)
    expect(answer.outcome).toEqual({ kind: 'not-accepted' })
  },
)

test("a later press's expiry is an earlier one's too", async () => {
  const gateway = aGateway()
  const early = gateway.press()
  const late = aSale(gateway.clock.now() + 1)
  gateway.waiters.receive(expiredEvent(late, gateway.clock.now()))
  await gateway.clock.advance(0)
  expect(early.answer.outcome).toEqual({ kind: 'not-accepted' })
})

test.each([
  ['', 10_500],
  [', however late the ledger says it is', 90_000],
])(
  "an earlier press's expiry does not end a later press that can still be accepted%s",
  async (_, ledgerMs) => {
    const gateway = aGateway()
    const startedAt = gateway.clock.now()
    const early = aSale(startedAt)
    await gateway.clock.advance(1)
    const late = gateway.press(aSale(gateway.clock.now()))
    expect(late.serialized.command.id).toBe(early.command.id)
    gateway.waiters.receive(expiredEvent(early, startedAt + ledgerMs))
    await gateway.clock.advance(0)
    expect(late.answer.outcome).toBeNull()
    gateway.waiters.receive(settledEvent(late.serialized, gateway.clock.now()))
    await gateway.clock.advance(0)
    expect(late.answer.outcome).toMatchObject({ kind: 'topup' })
  },
)

test('an expiry without a limit ends nothing', async () => {
  const gateway = aGateway()
  const { serialized, answer } = gateway.press()
  const unnamed = { code: 'EXPIRED', details: {} } as const
  gateway.waiters.receive(refusedEvent(serialized, gateway.clock.now() + 90_000, unnamed))
  await gateway.clock.advance(0)
  expect(answer.outcome).toBeNull()
})

test('at the end of the process every request is answered with the last known outcome', async () => {
  const gateway = aGateway()
  const unheard = gateway.press()
  await gateway.clock.advance(100)
  gateway.stop()
  await gateway.clock.advance(0)
  expect(unheard.answer.outcome).toEqual({ kind: 'unknown' })

  const after = gateway.press()
  await gateway.clock.advance(0)
  expect(after.answer.outcome).toEqual({ kind: 'not-published' })
  expect(gateway.published).toHaveLength(1)
})

test('more than the limit are turned away unpublished, and a place that falls free is taken', async () => {
  const gateway = aGateway({ waitingMax: 1 })
  const first = gateway.press()
  const second = gateway.press()
  await gateway.clock.advance(0)
  expect(second.answer.outcome).toEqual({ kind: 'not-published' })
  expect(gateway.published).toHaveLength(1)
  gateway.waiters.receive(settledEvent(first.serialized, gateway.clock.now()))
  await gateway.clock.advance(0)
  gateway.press()
  await gateway.clock.advance(0)
  expect(gateway.published).toHaveLength(2)
})

test('no request waits once answered', async () => {
  const gateway = aGateway()
  const { serialized } = gateway.press()
  expect(gateway.waiters.count()).toBe(1)
  gateway.waiters.receive(settledEvent(serialized, gateway.clock.now()))
  await gateway.clock.advance(0)
  expect(gateway.waiters.count()).toBe(0)
})
