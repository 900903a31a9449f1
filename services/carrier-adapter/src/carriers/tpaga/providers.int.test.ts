import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createSandbox, type Sandbox, type ScenarioName } from '@recargas/tpaga-sandbox'
import { eventually } from '@recargas/runtime/testing'
import { apiKey } from '../../testing/worker.ts'
import { createCarrierClient, type CarrierClient } from './client.ts'
import { followProviders, type Providers } from './providers.ts'

let sandbox: Sandbox
let client: CarrierClient
const followed: Providers[] = []

beforeAll(async () => {
  sandbox = await createSandbox({ apiKey, latencyMs: 0 })
})
beforeEach(async () => {
  await fetch(`${sandbox.url}/_reset`, { method: 'POST', body: '{}' })
  client = createCarrierClient({
    baseUrl: `${sandbox.url}/api/gateway_topup/v1`,
    apiKey,
    connectTimeoutMs: 500,
    callTimeoutMs: 500,
    connections: 2,
  })
})
afterEach(async () => {
  for (const providers of followed.splice(0)) providers.close()
  await client.close()
})
afterAll(() => sandbox.close())

const follow = (changes: { everyMs?: number; volume?: number } = {}) => {
  const results: string[] = []
  const providers = followProviders({
    client,
    breaker: {
      errorPercent: 50,
      volume: changes.volume ?? 1_000,
      windowMs: 10_000,
      resetMs: 60_000,
    },
    everyMs: changes.everyMs ?? 10,
    observer: {
      called: ({ result }) => void results.push(result),
      circuitChanged: () => undefined,
    },
  })
  followed.push(providers)
  return { ...providers, results }
}
const meet = (scenario: ScenarioName) =>
  fetch(`${sandbox.url}/_scenario`, {
    method: 'POST',
    body: JSON.stringify({ scenario, match: { endpoint: 'service_providers' } }),
  })
const reads = async () => {
  const answer = await fetch(`${sandbox.url}/_calls`)
  const { calls } = (await answer.json()) as { calls: { endpoint: string }[] }
  return calls.filter(({ endpoint }) => endpoint === 'service_providers').length
}

test('the operators the carrier offers are known soon after the start', async () => {
  const providers = follow({ everyMs: 60_000 })
  expect(providers.offered()).toBeNull()
  expect(await eventually(providers.offered, (offered) => offered !== null)).toContain('tigo')
  expect(await reads()).toBe(1)
})

test('a list that cannot be read leaves the last one standing', async () => {
  const providers = follow()
  const known = await eventually(providers.offered, (offered) => offered !== null)
  await meet('error-500')
  await eventually(
    () => providers.results,
    (results) => results.includes('bad'),
  )
  expect(providers.offered()).toEqual(known)
})

test('a carrier that fails again and again is left alone for a while', async () => {
  await meet('error-500')
  const providers = follow({ volume: 3 })
  await eventually(
    () => providers.results.length,
    (count) => count >= 3,
  )
  const before = await reads()
  await new Promise((resolve) => setTimeout(resolve, 60))
  expect(await reads()).toBe(before)
  expect(providers.offered()).toBeNull()
})

test.each(['huge-body', 'deep-json', 'redirect', 'truncated-json'] as const)(
  'an answer that is %s is no list',
  async (scenario) => {
    await meet(scenario)
    const providers = follow()
    await eventually(
      () => providers.results.length,
      (count) => count >= 2,
    )
    expect(providers.offered()).toBeNull()
  },
)
