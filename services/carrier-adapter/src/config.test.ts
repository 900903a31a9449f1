import { readConfig } from '@recargas/runtime'
import { describe, expect, test } from '@jest/globals'
import { AdapterSettings, lookupSecondsOf } from './config.ts'

const enough = {
  MONGODB_URI: 'mongodb://127.0.0.1:27017/carrier',
  AMQP_URL: 'amqp://127.0.0.1:5672/recargas',
  SERVICE_TOKEN: 'a-token-of-many-characters',
  TPAGA_BASE_URL: 'https://carrier.example/api/gateway_topup/v1',
  TPAGA_API_KEY: 'ak-1',
}
const problemsOf = (environment: Record<string, string | undefined>): string[] => {
  const result = readConfig(AdapterSettings, environment)
  return result.kind === 'ok' ? [] : [...result.problems]
}
const namesOf = (environment: Record<string, string | undefined>): string[] =>
  problemsOf(environment).map((problem) => problem.split(':')[0] ?? '')

describe('the settings of the adapter', () => {
  test('have defaults for everything but addresses and secrets', () => {
    const result = readConfig(AdapterSettings, enough)
    expect(result).toMatchObject({
      kind: 'ok',
      config: {
        PORT: 3002,
        TPAGA_CONNECT_TIMEOUT_MS: 2_000,
        TPAGA_CALL_TIMEOUT_MS: 8_000,
        TPAGA_CONNECTIONS: 128,
        SEND_DEADLINE_MS: 60_000,
        LEASE_MS: 20_000,
        CLOCK_SKEW_MS: 2_000,
        BORN_AHEAD_MAX_MS: 300_000,
        TOPUP_REPEAT_SECONDS: [3, 10, 30, 60, 120],
        TOPUP_REPEAT_JITTER_PERCENT: 10,
        PROVIDERS_EVERY_MS: 600_000,
        BUNDLE_CONNECTIONS: 16,
        BUNDLE_LOOKUP_SECONDS: [2, 5, 10, 30, 60, 120, 300, 900],
        BUNDLE_LOOKUP_HOURS: 24,
        TPAGA_PACKAGE_CODES: 'string',
        BUNDLES_FRESH_SECONDS: 300,
        BUNDLES_STALE_SECONDS: 86_400,
        BREAKER_ERROR_PERCENT: 50,
        BREAKER_VOLUME: 10,
        BREAKER_WINDOW_MS: 10_000,
        BREAKER_RESET_MS: 5_000,
      },
    })
  })

  test('tell all that is wrong at once, and repeat no value', () => {
    const wrong = {
      MONGODB_URI: 'mongodb://127.0.0.1:27017',
      AMQP_URL: 'http://127.0.0.1',
      SERVICE_TOKEN: 'short-secret',
      TPAGA_BASE_URL: 'carrier',
      TPAGA_CONNECTIONS: '0',
      BREAKER_ERROR_PERCENT: '101',
      CRASH_AT: 'somewhere',
    }
    expect(namesOf(wrong).sort()).toEqual([...Object.keys(wrong), 'TPAGA_API_KEY'].sort())
    expect(problemsOf(wrong).join()).not.toContain('short-secret')
  })

  test('repeats are rising times, or never', () => {
    const repeats = (text: string) => {
      const result = readConfig(AdapterSettings, { ...enough, TOPUP_REPEAT_SECONDS: text })
      return result.kind === 'ok' ? result.config.TOPUP_REPEAT_SECONDS : 'refused'
    }
    expect(repeats('0.5, 2')).toEqual([0.5, 2])
    expect(repeats('never')).toEqual([])
    for (const text of ['3,3', '10,3', '0,3', '-1', 'soon', '3,,10', '3601']) {
      expect([text, repeats(text)]).toEqual([text, 'refused'])
    }
  })

  test('lookups come at their own times, then every full hour that is later', () => {
    const lookups = (seconds: string, hours: number) => {
      const result = readConfig(AdapterSettings, {
        ...enough,
        BUNDLE_LOOKUP_SECONDS: seconds,
        BUNDLE_LOOKUP_HOURS: String(hours),
      })
      return result.kind === 'ok' ? lookupSecondsOf(result.config) : 'refused'
    }
    expect(lookups('2,900', 3)).toEqual([2, 900, 3_600, 7_200, 10_800])
    expect(lookups('3600', 2)).toEqual([3_600, 7_200])
    expect([lookups('2', 0), lookups('never', 1)]).toEqual([[2], [3_600]])
    expect([lookups('5,2', 1), lookups('2', 169)]).toEqual(['refused', 'refused'])
  })

  test('a list of packages is not shown for less time than it is fresh', () => {
    expect(namesOf({ ...enough, BUNDLES_STALE_SECONDS: '299' })).toEqual(['BUNDLES_STALE_SECONDS'])
  })

  test('a lease must outlive a call', () => {
    expect(namesOf({ ...enough, LEASE_MS: '10000' })).toEqual(['LEASE_MS'])
    expect(namesOf({ ...enough, LEASE_MS: '10001' })).toEqual([])
  })

  test('a connection must be made within the time of a call', () => {
    expect(namesOf({ ...enough, TPAGA_CONNECT_TIMEOUT_MS: '8001' })).toEqual([
      'TPAGA_CONNECT_TIMEOUT_MS',
    ])
  })
})

describe('in production the adapter', () => {
  const ownValues = {
    ...enough,
    NODE_ENV: 'production',
    MONGODB_URI: 'mongodb://adapter:its-own@one:27017,two:27017/carrier?replicaSet=rs0',
    AMQP_URL: 'amqps://adapter:its-own@broker/recargas',
  }
  test.each<readonly [string, Record<string, string>, readonly string[]]>([
    ['takes values of its own', {}, []],
    ["refuses the broker's guest", { AMQP_URL: 'amqp://guest:guest@broker' }, ['AMQP_URL']],
    [
      'refuses a database that asks for no user',
      { MONGODB_URI: 'mongodb://one/carrier' },
      ['MONGODB_URI'],
    ],
    [
      "refuses compose's service token",
      { SERVICE_TOKEN: 'development-service-token' },
      ['SERVICE_TOKEN'],
    ],
    [
      "refuses compose's api key",
      { TPAGA_API_KEY: 'development-tpaga-api-key' },
      ['TPAGA_API_KEY'],
    ],
    ["refuses the sandbox's api key", { TPAGA_API_KEY: 'sandbox-0123456789ab' }, ['TPAGA_API_KEY']],
    [
      'refuses a carrier without TLS',
      { TPAGA_BASE_URL: 'http://carrier.example/v1' },
      ['TPAGA_BASE_URL'],
    ],
    ['refuses to kill itself', { CRASH_AT: 'after-call' }, ['CRASH_AT']],
  ])('%s', (_, changes, names) => {
    expect(namesOf({ ...ownValues, ...changes })).toEqual(names)
    expect(namesOf({ ...ownValues, ...changes, NODE_ENV: 'development' })).toEqual([])
  })
})
