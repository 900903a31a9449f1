import { readConfig } from '@recargas/service'
import { describe, expect, it } from '@jest/globals'
import { Settings } from './config.ts'

const enough = {
  AMQP_URL: 'amqps://ledger:its-own@broker/recargas',
  MONGODB_URI: 'mongodb://ledger:its-own@one:27017,two:27017/ledger?replicaSet=rs0',
  SERVICE_TOKEN: 'a-token-of-many-characters',
}
const namesOf = (environment: Record<string, string>): string[] => {
  const result = readConfig(Settings, environment)
  return result.kind === 'ok' ? [] : result.problems.map((problem) => problem.split(':')[0] ?? '')
}

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

  it.each([
    'mongodb://localhost:27017/recargas_ledger?replicaSet=rs0',
    'mongodb://one:27017,two:27017,three:27017/recargas_ledger?replicaSet=rs0',
    'mongodb+srv://ledger:secret@cluster.example/recargas_ledger',
  ])('may be named with one host, with all members of a replica set, or by DNS: %s', (uri) => {
    expect(readConfig(Settings, { ...enough, MONGODB_URI: uri }).kind).toBe('ok')
  })

  it.each(['postgres://localhost/recargas_ledger', 'mongodb://localhost:27017/?replicaSet=rs0'])(
    'must be MongoDB’s, and named: %s',
    (uri) => {
      expect(readConfig(Settings, { ...enough, MONGODB_URI: uri })).toMatchObject({
        kind: 'invalid',
      })
    },
  )
})
