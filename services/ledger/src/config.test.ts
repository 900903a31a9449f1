import { readConfig } from '@recargas/runtime'
import { describe, expect, it, test } from '@jest/globals'
import { policyOf, Settings } from './config.ts'

const settingsWith = (mongodbUri: string) =>
  readConfig(Settings, {
    MONGODB_URI: mongodbUri,
    AMQP_URL: 'amqp://localhost',
    SERVICE_TOKEN: 'a-token-of-a-test',
  })

describe('the ledger’s database', () => {
  test.each([
    'mongodb://localhost:27017/recargas_ledger?replicaSet=rs0',
    'mongodb://one:27017,two:27017,three:27017/recargas_ledger?replicaSet=rs0',
    'mongodb+srv://ledger:secret@cluster.example/recargas_ledger',
  ])('may be named with one host, with all members of a replica set, or by DNS: %s', (uri) => {
    expect(settingsWith(uri).kind).toBe('ok')
  })

  test.each(['postgres://localhost/recargas_ledger', 'mongodb://localhost:27017/?replicaSet=rs0'])(
    'must be MongoDB’s, and named: %s',
    (uri) => {
      expect(settingsWith(uri)).toMatchObject({ kind: 'invalid' })
    },
  )
})

const enough = {
  AMQP_URL: 'amqps://ledger:its-own@broker/recargas',
  MONGODB_URI: 'mongodb://ledger:its-own@one:27017,two:27017/ledger?replicaSet=rs0',
  SERVICE_TOKEN: 'a-token-of-many-characters',
}
const namesOf = (environment: Record<string, string>): string[] => {
  const result = readConfig(Settings, environment)
  return result.kind === 'ok' ? [] : result.problems.map((problem) => problem.split(':')[0] ?? '')
}

describe('the policy of batches', () => {
  const policyWith = (changes: Record<string, string>) =>
    policyOf(Settings.parse({ ...enough, ...changes }))

  it('has no limits unless one is set', () => {
    expect(policyWith({})).toEqual({ duplicateWindowMs: 120_000 })
  })

  it('has each limit that is set', () => {
    const set = {
      LIMIT_CASHIER_COUNT_PER_DAY: '1',
      LIMIT_CASHIER_AMOUNT_PER_DAY: '2',
      LIMIT_NUMBER_COUNT_PER_DAY: '3',
      LIMIT_NUMBER_AMOUNT_PER_DAY: '4',
      LIMIT_OPERATOR_COUNT_PER_DAY: '5',
      LIMIT_OPERATOR_AMOUNT_PER_DAY: '6',
    }
    expect(policyWith(set).limits).toEqual({
      cashier: { count: 1, amount: 2 },
      number: { count: 3, amount: 4 },
      operator: { count: 5, amount: 6 },
    })
  })
})

describe('the settings of the ledger', () => {
  it('need two addresses and a token, and an address that names a database', () => {
    expect(namesOf({}).sort()).toEqual(Object.keys(enough).sort())
    expect(namesOf({ ...enough, MONGODB_URI: 'mongodb://one:27017' })).toEqual(['MONGODB_URI'])
  })

  it.each<readonly [string, Record<string, string>, readonly string[]]>([
    ['take values of their own', {}, []],
    ["refuse the broker's guest", { AMQP_URL: 'amqp://guest:guest@broker' }, ['AMQP_URL']],
    [
      'refuse a database that asks for no user',
      { MONGODB_URI: 'mongodb://one/ledger' },
      ['MONGODB_URI'],
    ],
    [
      "refuse compose's service token",
      { SERVICE_TOKEN: 'development-service-token' },
      ['SERVICE_TOKEN'],
    ],
    [
      "refuse the tests' service token",
      { SERVICE_TOKEN: 'recargas-test-service-token' },
      ['SERVICE_TOKEN'],
    ],
  ])('in production %s', (_, changes, names) => {
    expect(namesOf({ ...enough, NODE_ENV: 'production', ...changes })).toEqual(names)
    expect(namesOf({ ...enough, ...changes })).toEqual([])
  })
})
