import { beforeEach, expect, test } from '@jest/globals'
import { aToken, secret, verifyRules } from '../testing/token.ts'
import type { ClaimNames } from './claims.ts'
import { secretKeySet, type KeySet } from './keys.ts'
import { createVerify, type VerifyRules } from './verify.ts'

let nowMs = 0
let chosen = 0
beforeEach(() => {
  nowMs = Date.now()
  chosen = 0
})

const counted = (): KeySet => {
  const keys = secretKeySet(secret)
  return {
    choose: (algorithm, keyId) => {
      chosen += 1
      return keys.choose(algorithm, keyId)
    },
  }
}
const start = (changes: Partial<VerifyRules> = {}) => {
  const keys = counted()
  return createVerify({ ...verifyRules, keys: () => keys, now: () => nowMs, ...changes })
}
const inSeconds = (seconds: number) => Math.floor(nowMs / 1_000) + seconds

test('a signature that held is not checked again', () => {
  const verify = start()
  const token = aToken()
  expect([verify(token).kind, verify(token).kind, chosen]).toEqual(['verified', 'verified', 1])
})

test('a token that was refused is checked again each time, and keeps no place', () => {
  const verify = start()
  const token = aToken({}, 'another-secret-of-thirty-two-bytes-or-so')
  expect([verify(token).kind, verify(token).kind, chosen]).toEqual(['refused', 'refused', 2])
})

test('a token ends though its signature is remembered', () => {
  const verify = start()
  const token = aToken({ exp: inSeconds(10) })
  expect(verify(token).kind).toBe('verified')
  nowMs += 13_000
  expect(verify(token)).toEqual({ kind: 'refused', reason: 'expired' })
})

test('a token that was early is let in when its time has come', () => {
  const verify = start()
  const token = aToken({ nbf: inSeconds(10) })
  expect(verify(token)).toEqual({ kind: 'refused', reason: 'not-yet-valid' })
  nowMs += 10_000
  expect(verify(token).kind).toBe('verified')
})

test('a remembered token ends with its revocation, and with nothing but that', () => {
  let revoked = ''
  const verify = start({ isRevoked: ({ tokenId }) => tokenId === revoked })
  const token = aToken({ jti: 'a' })
  expect(verify(token).kind).toBe('verified')
  revoked = 'a'
  expect(verify(token)).toEqual({ kind: 'refused', reason: 'revoked' })
  revoked = ''
  expect(verify(token).kind).toBe('verified')
})

test('a remembered token ends with the keys that it was verified by', () => {
  let keys: KeySet | null = counted()
  const verify = start({ keys: () => keys })
  const token = aToken()
  expect(verify(token).kind).toBe('verified')
  keys = secretKeySet('another-secret-of-thirty-two-bytes-or-so')
  expect(verify(token)).toEqual({ kind: 'refused', reason: 'signature' })
  keys = null
  expect(verify(token)).toEqual({ kind: 'keys-unavailable' })
})

test('the tolerance goes both ways and is a matter of settings', () => {
  const late = aToken({ exp: inSeconds(-20) })
  const early = aToken({ nbf: inSeconds(20), iat: inSeconds(20) })
  const verify = start({ clockToleranceMs: 30_000 })
  expect([verify(late).kind, verify(early).kind]).toEqual(['verified', 'verified'])
  const strict = start({ clockToleranceMs: 10_000 })
  expect([strict(late).kind, strict(early).kind]).toEqual(['refused', 'refused'])
})

test('claims are found under the names of the settings, the first of several', () => {
  const claimNames: ClaimNames = {
    subject: ['user_id', 'sub'],
    username: ['preferred_username'],
    role: ['https://pos.example/role'],
    roleId: ['role_id'],
    merchant: ['tenant'],
    scope: ['scp'],
  }
  const verify = start({ claimNames })
  const token = aToken({
    user_id: 9,
    preferred_username: 'eva',
    'https://pos.example/role': 'admin',
    tenant: 'bogota',
    scp: ['openid', 'operacion'],
  })
  expect(verify(token)).toMatchObject({
    kind: 'verified',
    token: {
      userId: '9',
      username: 'eva',
      role: 'Administrador',
      merchant: 'bogota',
      scopes: ['operacion'],
    },
  })
  // roleName is not this issuer's role claim: nobody becomes a cashier by default.
  expect(verify(aToken())).toEqual({ kind: 'refused', reason: 'role' })
})

test.each([
  ['openid operacion email', ['operacion']],
  ['operaciones', []],
  [undefined, []],
  [7, []],
])('the scope %j grants %j, and no shape of it refuses a token', (scope, scopes) => {
  expect(start()(aToken({ scope }))).toMatchObject({ kind: 'verified', token: { scopes } })
})

test('a username is shown without characters that no reader sees', () => {
  expect(start()(aToken({ username: 'a\u202en\u0007a\n' }))).toMatchObject({
    kind: 'verified',
    token: { username: 'ana' },
  })
})
