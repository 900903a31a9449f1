import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { readConfig } from '@recargas/runtime'
import { GatewaySettings } from './config.ts'
import { catalogue } from './testing/samples.ts'

let folder = ''
const file = (name: string, text: string): string => {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-config-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const good = () => ({
  AMQP_URL: 'amqp://gateway:its-own@127.0.0.1:5672/recargas',
  SERVICE_TOKEN: 'a-service-token-16',
  JWT_SECRET: 'a-secret-of-at-least-thirty-two-bytes!',
  LEDGER_URL: 'http://127.0.0.1:3001',
  ADAPTER_URL: 'http://127.0.0.1:3002',
  CATALOGUE_PATH: file('catalogue.json', JSON.stringify(catalogue)),
})
const problemsOf = (changes: Record<string, string>): readonly string[] => {
  const result = readConfig(GatewaySettings, { ...good(), ...changes })
  return result.kind === 'ok' ? [] : result.problems
}

test('starts from the required settings, with the documented defaults', () => {
  const result = readConfig(GatewaySettings, good())
  expect(result).toMatchObject({
    kind: 'ok',
    config: {
      PORT: 3_000,
      ACCEPT_UNTIL_MS: 10_000,
      NOT_ACCEPTED_AFTER_MS: 15_000,
      SETTLEMENT_WAIT_MS: 25_000,
      BODY_BYTES_MAX: 16_384,
      OPERATOR_MAY_INJECT: false,
      RESOLVE_FOUR_EYES: false,
      CORS_ORIGINS: [],
      CATALOGUE_PATH: { catalogue },
    },
  })
})

test('every missing setting is reported at once', () => {
  const result = readConfig(GatewaySettings, {})
  const names = result.kind === 'ok' ? [] : result.problems.map((text) => text.split(':')[0])
  expect(names).toEqual(
    expect.arrayContaining([
      'AMQP_URL',
      'SERVICE_TOKEN',
      'JWT_SECRET',
      'LEDGER_URL',
      'ADAPTER_URL',
      'CATALOGUE_PATH',
    ]),
  )
})

test('there is no default merchant unless it is set', () => {
  const result = readConfig(GatewaySettings, good())
  expect(result.kind === 'ok' && result.config.DEFAULT_MERCHANT).toBeUndefined()
})

test.each<readonly [string, Record<string, string>, string]>([
  ['a short secret', { JWT_SECRET: 'x'.repeat(31) }, 'JWT_SECRET'],
  ['a merchant without a catalogue', { DEFAULT_MERCHANT: 'otro' }, 'DEFAULT_MERCHANT'],
  ['no time for the proof', { NOT_ACCEPTED_AFTER_MS: '12000' }, 'NOT_ACCEPTED_AFTER_MS'],
  [
    'an origin with a path',
    { CORS_ORIGINS: 'https://a.example,https://b.example/x' },
    'CORS_ORIGINS',
  ],
  ['a catalogue that is not there', { CATALOGUE_PATH: '/nowhere.json' }, 'CATALOGUE_PATH'],
  ['a switch that is neither', { OPERATOR_MAY_INJECT: 'yes' }, 'OPERATOR_MAY_INJECT'],
])('refuses %s', (_, changes, name) => {
  const problems = problemsOf(changes)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(new RegExp(`^${name}`))
})

test('reports the problems of a catalogue', () => {
  const { principal } = catalogue.merchants as Record<string, { operators: object[] }>
  const operators = [{ ...principal?.operators[0], minimo: 0 }]
  const merchants = { principal: { currency: 'BOB', operators } }
  const path = file('wrong.json', JSON.stringify({ merchants }))
  expect(problemsOf({ CATALOGUE_PATH: path }).join()).toContain('minimo')
  expect(problemsOf({ CATALOGUE_PATH: file('broken.json', '{') }).join()).toContain('not JSON')
})

const oidc = {
  JWT_SECRET: '',
  JWT_JWKS_URI: 'https://id.example/jwks',
  JWT_ISSUER: 'https://id.example',
  JWT_AUDIENCE: 'recargas',
  OIDC_ISSUER: 'https://id.example',
  OIDC_CLIENT_ID: 'recargas',
}

test('accepts an issuer that signs people in and whose tokens are taken', () => {
  expect(problemsOf(oidc)).toEqual([])
})

test.each<readonly [string, Record<string, string>, string]>([
  ['neither a secret nor a key address', { JWT_SECRET: '' }, 'JWT_SECRET'],
  ['both of them', { JWT_JWKS_URI: 'https://id.example/jwks' }, 'JWT_SECRET'],
  ['an algorithm nobody offers', { JWT_ALGORITHMS: 'RS256,none' }, 'JWT_ALGORITHMS'],
  [
    'keys over plain http in production',
    { NODE_ENV: 'production', JWT_SECRET: '', JWT_JWKS_URI: 'http://id.example/jwks' },
    'JWT_JWKS_URI',
  ],
  [
    'revocations over plain http in production',
    { NODE_ENV: 'production', JWT_REVOCATIONS_URI: 'http://id.example/revoked' },
    'JWT_JWKS_URI',
  ],
  [
    'a password in an address',
    { JWT_REVOCATIONS_URI: 'https://a:b@id.example/revoked' },
    'JWT_REVOCATIONS_URI',
  ],
  [
    'revocations that come too late',
    { JWT_REVOCATIONS_EVERY_MS: '5000' },
    'JWT_REVOCATIONS_EVERY_MS',
  ],
  ['a claim without a name', { JWT_CLAIM_ROLE: 'role,' }, 'JWT_CLAIM_ROLE'],
  ['an issuer whose tokens open nothing', { OIDC_ISSUER: 'https://id.example' }, 'OIDC_ISSUER'],
  [
    'an issuer of other tokens than those it takes',
    { ...oidc, JWT_ISSUER: 'https://other.example' },
    'OIDC_ISSUER',
  ],
  [
    'an issuer over plain http in production',
    { ...oidc, NODE_ENV: 'production', OIDC_ISSUER: 'http://i', JWT_ISSUER: 'http://i' },
    'JWT_JWKS_URI',
  ],
  ['scopes without openid', { ...oidc, OIDC_SCOPE: 'profile' }, 'OIDC_SCOPE'],
])('refuses %s', (_, changes, name) => {
  const problems = problemsOf(changes)
  expect(problems).toHaveLength(1)
  expect(problems[0]).toMatch(new RegExp(`^${name}`))
})

test('never repeats a secret', () => {
  expect(problemsOf({ JWT_SECRET: 'hunter2' }).join()).not.toContain('hunter2')
})

const ownValues = { NODE_ENV: 'production', AMQP_URL: 'amqps://gateway:its-own@broker/recargas' }

test.each<readonly [string, Record<string, string>, readonly string[]]>([
  ['nothing, when every value is its own', {}, []],
  [
    "compose's secret for tokens",
    { JWT_SECRET: 'development-jwt-secret-0123456789abcdef' },
    ['JWT_SECRET'],
  ],
  [
    "the tests' secret",
    { JWT_SECRET: 'recargas-test-jwt-secret-0123456789abcdef' },
    ['JWT_SECRET'],
  ],
  ["compose's service token", { SERVICE_TOKEN: 'development-service-token' }, ['SERVICE_TOKEN']],
  ["the broker's guest", { AMQP_URL: 'amqp://guest:guest@broker' }, ['AMQP_URL']],
  ["the broker's default user", { AMQP_URL: 'amqp://broker' }, ['AMQP_URL']],
])('in production refuses %s', (_, changes, names) => {
  const problems = problemsOf({ ...ownValues, ...changes })
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(names)
  const { NODE_ENV: _production, ...elsewhere } = { ...ownValues, ...changes }
  expect(problemsOf(elsewhere)).toEqual([])
})
