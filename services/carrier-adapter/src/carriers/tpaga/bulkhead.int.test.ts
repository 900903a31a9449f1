import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { adapterQueue, type FundsReserved } from '@recargas/contracts'
import { eventually } from '@recargas/runtime/testing'
import { aBundleJob, aJob, asMessage } from '../../testing/jobs.ts'
import { startWholeAdapter, type WholeAdapter } from '../../testing/whole-adapter.ts'

/** More than all connections of the top-ups, those for repeats included: shared, they would all be taken. */
const bundlesAtOnce = 24
const topups = 15
let adapter: WholeAdapter

beforeAll(async () => {
  adapter = await startWholeAdapter({
    TPAGA_CONNECTIONS: '2',
    BUNDLE_CONNECTIONS: String(bundlesAtOnce),
  })
}, 30_000)
afterAll(() => adapter.close())

const hasVerdict = (job: FundsReserved) => adapter.verdictsOf(job).length > 0
/** Median time of one top-up's sale, of several one after the other. */
const topupMs = async (): Promise<number> => {
  const times: number[] = []
  for (let count = 0; count < topups; count += 1) {
    const job = aJob()
    const startedAt = performance.now()
    await adapter.ask(asMessage(job))
    await eventually(() => hasVerdict(job), Boolean)
    times.push(performance.now() - startedAt)
    expect(adapter.verdictsOf(job)[0]?.verdict).toBe('authorized')
  }
  return times.sort((one, other) => one - other)[Math.floor(topups / 2)] ?? Infinity
}
const openPurchases = async (): Promise<number> => {
  const answer = await fetch(`${adapter.sandbox.url}/_calls`)
  const { calls } = (await answer.json()) as { calls: { endpoint: string; status: unknown }[] }
  return calls.filter(({ endpoint, status }) => endpoint === 'package_buy' && status === 'open')
    .length
}

test('top-ups are sold as fast as ever while all bundles under way hang at the carrier', async () => {
  await topupMs()
  const aloneMs = await topupMs()
  await fetch(`${adapter.sandbox.url}/_scenario`, {
    method: 'POST',
    body: JSON.stringify({
      scenario: 'answer-after',
      delayMs: 3_000,
      match: { endpoint: 'package_buy' },
    }),
  })
  // Three times as many as are let through: the others wait, and the carrier stays busy for nine seconds.
  const bundles = Array.from({ length: 3 * bundlesAtOnce }, () => aBundleJob())
  await Promise.all(
    bundles.map((job) => adapter.ask(asMessage(job), adapterQueue('tpaga', 'bundle'))),
  )
  await eventually(openPurchases, (count) => count === bundlesAtOnce)
  const besideMs = await topupMs()
  expect(bundles.every(hasVerdict)).toBe(false)
  expect(besideMs / aloneMs).toBeLessThan(5)
  for (const job of bundles) {
    await eventually(() => hasVerdict(job), Boolean)
    expect(adapter.verdictsOf(job)[0]?.verdict).toBe('authorized')
  }
}, 120_000)
