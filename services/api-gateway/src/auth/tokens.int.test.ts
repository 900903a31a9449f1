import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { until } from '@recargas/runtime/testing'
import {
  aKeyPair,
  signToken,
  startTokenServer,
  startKeyAddress,
} from '../testing/token-fixtures.ts'
import { aToken, secret } from '../testing/token.ts'

type TokenServer = Awaited<ReturnType<typeof startTokenServer>>
const old = aKeyPair('RS256', 'old')
const next = aKeyPair('ES256', 'next')
const claims = { sub: 2, roleId: 2, exp: 9_999_999_999 }
const oldToken = signToken(old.signer, claims)
const nextToken = signToken(next.signer, claims)

let folder = ''
let keyAddress: Awaited<ReturnType<typeof startKeyAddress>>
let started: TokenServer[] = []
let nowMs = 0
let timers: { readonly at: number; readonly callback: () => void }[] = []

/** Time that the test moves; the answers it waits for come over real HTTP. */
const clock = {
  now: () => nowMs,
  after: (delayMs: number, callback: () => void) => {
    const timer = { at: nowMs + delayMs, callback }
    timers.push(timer)
    return () => {
      timers = timers.filter((other) => other !== timer)
    }
  },
}
const advance = (ms: number) => {
  nowMs += ms
  const due = timers.filter(({ at }) => at <= nowMs)
  timers = timers.filter(({ at }) => at > nowMs)
  for (const { callback } of due) callback()
}
/** Moves to the next look and lets it end: the one after it is then set. */
const lookAgain = async (ms: number) => {
  advance(ms)
  await until(() => timers.length > 0)
}
const start = async (environment: Record<string, string>, time?: typeof clock) => {
  const tokenServer = await startTokenServer(environment, time)
  started.push(tokenServer)
  return tokenServer
}
const statusOf = async (tokenServer: TokenServer, token: string) =>
  (await tokenServer.who(token)).status

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'gateway-tokens-'))
  keyAddress = await startKeyAddress()
})
afterAll(async () => {
  rmSync(folder, { recursive: true })
  await keyAddress.close()
})
beforeEach(() => {
  nowMs = Date.now()
  timers = []
  keyAddress.asked.length = 0
  Object.assign(keyAddress.fakes, { keys: [old.published], status: 200, body: null })
})
afterEach(async () => {
  await Promise.all(started.map((tokenServer) => tokenServer.close()))
  started = []
})

const withKeys = () => start({ JWT_JWKS_URI: keyAddress.jwks }, clock)

test('keys are asked for by the clock, not by tokens, and rotate', async () => {
  const tokenServer = await withKeys()
  expect(await statusOf(tokenServer, oldToken)).toBe(200)
  keyAddress.fakes.keys = [old.published, next.published]
  for (let n = 0; n < 5; n += 1) expect(await statusOf(tokenServer, nextToken)).toBe(401)
  expect(keyAddress.asked).toEqual(['/jwks.json'])
  await lookAgain(60_000)
  expect([await statusOf(tokenServer, oldToken), await statusOf(tokenServer, nextToken)]).toEqual([
    200, 200,
  ])
  // Withdrawing a key also drops the tokens that it had verified.
  keyAddress.fakes.keys = [next.published]
  await lookAgain(60_000)
  expect([await statusOf(tokenServer, oldToken), await statusOf(tokenServer, nextToken)]).toEqual([
    401, 200,
  ])
  expect(keyAddress.asked).toHaveLength(3)
})

test.each<readonly [string, object]>([
  ['answers errors', { status: 503 }],
  ['moves elsewhere', { status: 302 }],
  ['answers a page', { body: '<html>' }],
  ['answers without keys', { keys: [] }],
  ['answers without end', { body: 'x'.repeat(300_000) }],
])('while the address %s the last good keys count, for a day', async (_, trouble) => {
  const tokenServer = await withKeys()
  Object.assign(keyAddress.fakes, trouble)
  await lookAgain(60_000)
  expect([await statusOf(tokenServer, oldToken), await tokenServer.isReady()]).toEqual([200, true])
  advance(86_400_000)
  // Our fault, not the token's: no user is logged out.
  expect([await statusOf(tokenServer, oldToken), await tokenServer.isReady()]).toEqual([503, false])
})

test('without a first set it is not ready, and is as soon as there is one', async () => {
  keyAddress.fakes.status = 500
  const tokenServer = await withKeys()
  expect([await statusOf(tokenServer, oldToken), await tokenServer.isReady()]).toEqual([503, false])
  keyAddress.fakes.status = 200
  await lookAgain(5_000)
  expect([await statusOf(tokenServer, oldToken), await tokenServer.isReady()]).toEqual([200, true])
})

const revocationFile = (name: string) => {
  const path = join(folder, name)
  return {
    uri: pathToFileURL(path).href,
    write: (list: unknown) => writeFileSync(path, JSON.stringify(list)),
    replace: (text: string) => {
      writeFileSync(`${path}.new`, text)
      renameSync(`${path}.new`, path)
    },
    remove: () => rmSync(path),
  }
}

test('a revocation counts on every gateway within five seconds', async () => {
  const list = revocationFile('all.json')
  list.write({})
  const settings = { JWT_SECRET: secret, JWT_REVOCATIONS_URI: list.uri }
  const gateways = [await start(settings), await start(settings)]
  const byId = aToken({ jti: 'a' })
  const bySubject = aToken({ sub: 9 })
  const other = aToken({ jti: 'b' })
  for (const gateway of gateways) {
    for (const token of [byId, bySubject, other]) expect(await statusOf(gateway, token)).toBe(200)
  }
  const revokedAt = Date.now()
  list.replace(JSON.stringify({ jti: ['a'], subjects: [{ sub: 9 }] }))
  for (const gateway of gateways) {
    await until(async () => (await statusOf(gateway, byId)) === 401)
    expect(await statusOf(gateway, bySubject)).toBe(401)
    expect(await statusOf(gateway, other)).toBe(200)
  }
  expect(Date.now() - revokedAt).toBeLessThan(5_000)
})

test('a list that breaks or goes away leaves the last good one in force, and its age in a figure', async () => {
  const list = revocationFile('breaks.json')
  list.write({ jti: ['a'] })
  const tokenServer = await start({ JWT_SECRET: secret, JWT_REVOCATIONS_URI: list.uri }, clock)
  const token = aToken({ jti: 'a' })
  list.replace('{"jti":[')
  await lookAgain(1_000)
  expect(await statusOf(tokenServer, token)).toBe(401)
  list.remove()
  await lookAgain(1_000)
  expect(await statusOf(tokenServer, token)).toBe(401)
  expect(await tokenServer.metrics()).toMatch(
    /gateway_token_source_age_seconds\{source="revocations",service="api-gateway"\} 2\n/,
  )
  expect(await tokenServer.metrics()).toMatch(
    /gateway_token_refused_total\{reason="revoked".*\} 2\n/,
  )
  list.write({ jti: [] })
  await lookAgain(1_000)
  expect(await statusOf(tokenServer, token)).toBe(200)
})

test('a list may as well be at an address', async () => {
  keyAddress.fakes.body = '{"jti":["a"]}'
  const uri = `${keyAddress.origin}/revoked.json`
  const tokenServer = await start({ JWT_SECRET: secret, JWT_REVOCATIONS_URI: uri }, clock)
  expect(await statusOf(tokenServer, aToken({ jti: 'a' }))).toBe(401)
  expect(await statusOf(tokenServer, aToken({ jti: 'b' }))).toBe(200)
})

test('a first list that is missing or wrong refuses the start', async () => {
  const missing = revocationFile('missing.json').uri
  const settings = { JWT_SECRET: secret, JWT_REVOCATIONS_URI: missing }
  await expect(startTokenServer(settings)).rejects.toThrow('JWT_REVOCATIONS_URI')
  const wrong = revocationFile('wrong.json')
  wrong.write({ jtis: [] })
  await expect(startTokenServer({ ...settings, JWT_REVOCATIONS_URI: wrong.uri })).rejects.toThrow(
    'JWT_REVOCATIONS_URI',
  )
})
