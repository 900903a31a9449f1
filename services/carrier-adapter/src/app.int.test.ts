import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  adapterQueue,
  BundlePage,
  BundleProviders,
  BundleQuote,
  CarrierBalance,
  CarrierStates,
} from '@recargas/contracts'
import { scenarios } from '@recargas/tpaga-sandbox'
import { eventually } from '@recargas/runtime/testing'
import { aBundleJob, aJob, asClosing, asMessage } from './testing/jobs.ts'
import { startWholeAdapter, type WholeAdapter } from './testing/whole-adapter.ts'

let adapter: WholeAdapter

beforeAll(async () => {
  adapter = await startWholeAdapter({
    TPAGA_CONNECT_TIMEOUT_MS: '2000',
    TPAGA_CALL_TIMEOUT_MS: '2000',
    TOPUP_REPEAT_SECONDS: '6,9',
    BUNDLE_LOOKUP_SECONDS: '6,9',
  })
}, 30_000)
afterAll(() => adapter.close())

test('a job is answered, and an unclear one repeated until it is clear, also after a restart', async () => {
  const [clear, unclear] = [aJob(), aJob({ number: scenarios['effect-then-hang'].number })]
  await Promise.all([adapter.ask(asMessage(clear)), adapter.ask(asMessage(unclear))])
  await eventually(
    () => adapter.verdictsOf(unclear),
    (verdicts) => verdicts.length === 1,
  )
  await adapter.restart()
  await eventually(
    () => adapter.verdictsOf(unclear),
    (verdicts) => verdicts.at(-1)?.verdict === 'authorized',
  )
  expect(adapter.verdictsOf(clear).map(({ verdict }) => verdict)).toEqual(['authorized'])
  expect(adapter.verdictsOf(unclear)).toMatchObject([
    { verdict: 'pending', nextAt: expect.any(String) },
    { verdict: 'authorized', attempts: [{ row: 9 }, { row: 1 }] },
  ])
}, 40_000)

test('a closing ends the repeats and is told', async () => {
  const job = aJob({ number: scenarios['hang-without-effect'].number })
  await adapter.ask(asMessage(job))
  await eventually(
    () => adapter.verdictsOf(job),
    (verdicts) => verdicts.length === 1,
  )
  await adapter.ask(asClosing(job))
  await eventually(
    () => adapter.verdictsOf(job),
    (verdicts) => verdicts.at(-1)?.closed === true,
  )
  expect(adapter.verdictsOf(job).at(-1)).toMatchObject({ verdict: 'pending', closed: true })
}, 20_000)

describe('over a database that was born under a clock ahead of ours', () => {
  test('listens at once, says why it takes no job and until when, then takes them', async () => {
    const { bornAt, started, ready } = await adapter.restartBornAhead(8_000)
    // It listens before the broker is connected.
    const isWaiting = (text: string) =>
      text.includes('ahead of this clock') && text.includes('"name":"broker","ready":true')
    const said = await eventually(
      async () => (await ready().catch(() => null))?.text() ?? '',
      isWaiting,
    )
    expect(JSON.parse(said)).toMatchObject({
      ready: false,
      parts: [
        { name: 'broker', ready: true },
        { name: 'database', reason: expect.stringMatching(/no job is taken before \d{4}-.*Z$/) },
      ],
    })
    const job = aJob({ requestedAt: new Date(bornAt.getTime() + 2_000).toISOString() })
    await adapter.ask(asMessage(job))
    expect(adapter.verdictsOf(job)).toEqual([])
    await started
    expect((await ready()).status).toBe(200)
    await eventually(
      () => adapter.verdictsOf(job),
      (verdicts) => verdicts.at(-1)?.verdict === 'authorized',
    )
  }, 40_000)

  test('ends its start, with the reason, where that is far ahead, and holds nothing open', async () => {
    const far = await adapter.restartBornAhead(3_600_000)
    await expect(far.started).rejects.toThrow(/\d ms ahead of this clock/)
    await expect(far.ready()).rejects.toThrow()
    const { started } = await adapter.restartBornAhead(-60_000)
    await started
  }, 20_000)
})

test('the state of the carrier tells which operators it offers', async () => {
  const read = async () =>
    CarrierStates.parse(await (await adapter.read('/internal/carriers')).json())
  const { tpaga: state } = await eventually(read, ({ tpaga }) => tpaga?.offered !== null)
  const open = { available: true, reason: null, breaker: 'closed' }
  expect(state).toMatchObject({ ...open, bundles: open })
  expect(state?.offered).toContain('claro-movil')
})

describe('a bundle', () => {
  test.each([
    ['its own queue', adapterQueue('tpaga', 'bundle')],
    ['the queue of the top-ups', adapterQueue('tpaga', 'topup')],
  ])(
    'is bought from %s, and a top-up from either',
    async (_name, queue) => {
      const [bundle, topup] = [aBundleJob(), aJob()]
      await adapter.ask(asMessage(bundle), queue)
      await adapter.ask(asMessage(topup), queue)
      for (const job of [bundle, topup]) {
        await eventually(
          () => adapter.verdictsOf(job),
          (verdicts) => verdicts.at(-1)?.verdict === 'authorized',
        )
      }
    },
    20_000,
  )

  test('that is unclear is looked up by its own times, also after a restart', async () => {
    const job = aBundleJob({ number: scenarios['effect-then-hang'].number })
    await adapter.ask(asMessage(job), adapterQueue('tpaga', 'bundle'))
    await eventually(
      () => adapter.verdictsOf(job),
      (verdicts) => verdicts.length === 1,
    )
    await adapter.restart()
    await eventually(
      () => adapter.verdictsOf(job),
      (verdicts) => verdicts.at(-1)?.verdict === 'authorized',
    )
    expect(adapter.verdictsOf(job).at(-1)?.attempts).toMatchObject([
      { attempt: 1, row: 9 },
      { attempt: 2, lookup: true, row: 1 },
    ])
  }, 40_000)
})

test('the carrier’s packages, one price and its balance are read through the adapter', async () => {
  const read = async (path: string) => (await adapter.read(path)).json()
  const { providers } = BundleProviders.parse(await read('/internal/bundles/providers'))
  expect(providers.map(({ provider }) => provider)).toEqual(['3', '58', '72', '30'])
  const page = BundlePage.parse(await read('/internal/bundles?providers=3,58&page=2&perPage=100'))
  expect([page.total, page.offers.length, page.offers[0]?.provider]).toEqual([324, 100, '58'])
  const quote = BundleQuote.parse(await read('/internal/bundles/58/024'))
  expect(quote).toMatchObject({ enabled: true, offer: { carrierAmount: 9_900 } })
  const before = Date.now()
  const balance = CarrierBalance.parse(await read('/internal/balance'))
  expect(balance.balance).toBeGreaterThan(0)
  expect(Date.parse(balance.askedAt)).toBeGreaterThanOrEqual(before)
  expect(Date.parse(balance.answeredAt)).toBeGreaterThanOrEqual(Date.parse(balance.askedAt))
})

test('operators see each operation of the carrier from the start', async () => {
  const figures = await (await adapter.read('/metrics')).text()
  for (const operation of ['topup', 'bundle', 'lookup']) {
    expect(figures).toContain(`operation="${operation}",result="pending",cause="time-out"`)
  }
  for (const operation of ['balance', 'providers', 'packages']) {
    expect(figures).toContain(`operation="${operation}",result="bad",cause="time-out"`)
  }
  expect(figures).toContain('carrier_breaker_state{operation="bundle"')
  expect(figures).toContain('bundle_entry_left_out_total{list="packages"')
})
