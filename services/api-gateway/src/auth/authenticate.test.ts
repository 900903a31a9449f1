import { beforeEach, describe, expect, test } from '@jest/globals'
import { MerchantId } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import { aToken, secret, verifyRules } from '../testing/token.ts'
import { createAuthenticate } from './authenticate.ts'
import type { RefusalReason } from './reasons.ts'
import { createVerify, type VerifyRules } from './verify.ts'

type Changes = Partial<VerifyRules> & { readonly defaultMerchant?: MerchantId | undefined }
const principal = MerchantId.parse('principal')

let reported: RefusalReason[] = []
beforeEach(() => {
  reported = []
})

const authenticate = (
  authorization: string | undefined,
  changes: Changes = {},
  isUnkeyedCommand = true,
) =>
  createAuthenticate({
    verify: createVerify({ ...verifyRules, ...changes }),
    defaultMerchant: 'defaultMerchant' in changes ? changes.defaultMerchant : principal,
    report: (reason) => reported.push(reason),
  })(authorization, { isUnkeyedCommand })
const seconds = () => Math.floor(Date.now() / 1_000)

const read = (token: string, changes: Changes = {}) => authenticate(`Bearer ${token}`, changes)

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof Problem) return `${error.status} ${error.code}`
    throw error
  }
  return 'let in'
}

test('reads the caller from the claims of the existing system', () => {
  expect(read(aToken({ merchant: 'bogota' }))).toEqual({
    merchant: 'bogota',
    userId: '2',
    username: 'ana',
    scopes: [],
    role: 'Operador',
  })
})

test('a token without merchant belongs to the default one, or is refused where there is none', () => {
  expect(read(aToken()).merchant).toBe('principal')
  expect(codeOf(() => read(aToken(), { defaultMerchant: undefined }))).toBe('401 TOKEN_INVALID')
  expect(reported).toEqual(['no-merchant'])
})

test('a merchant without a shop here is let in: its sales can be read', () => {
  expect(read(aToken({ merchant: 'otro' })).merchant).toBe('otro')
})

test('knows a role by its name or by its number, and the name counts', () => {
  expect(read(aToken({ roleName: 'admin' })).role).toBe('Administrador')
  expect(read(aToken({ roleName: undefined, roleId: 1 })).role).toBe('Administrador')
  expect(read(aToken({ roleName: 'Usuario', roleId: 1 })).role).toBe('Usuario')
})

test.each<readonly [string, string | undefined]>([
  ['no header', undefined],
  ['another scheme', 'Basic YTpi'],
  ['no token', 'Bearer '],
])('%s is a missing token', (_, header) => {
  expect(codeOf(() => authenticate(header))).toBe('401 TOKEN_MISSING')
})

describe('refused tokens', () => {
  test.each<readonly [string, () => string, RefusalReason]>([
    ['expired', () => aToken({ exp: seconds() - 10 }), 'expired'],
    [
      'signed with another secret',
      () => aToken({}, 'another-secret-of-thirty-two-bytes-or-so'),
      'signature',
    ],
    ['signed with another algorithm', () => aToken({}, secret, 'HS512'), 'algorithm'],
    ['not a token', () => 'abc', 'malformed'],
    ['without an end', () => aToken({ exp: undefined }), 'claims'],
    ['without a subject', () => aToken({ sub: undefined }), 'claims'],
    [
      'without a role, as refresh tokens are',
      () => aToken({ roleName: undefined, roleId: undefined }),
      'role',
    ],
    ['with a role nobody knows', () => aToken({ roleName: 'root' }), 'role'],
    ['with a merchant that is no name', () => aToken({ merchant: '../otro' }), 'merchant'],
    ['not valid yet', () => aToken({ nbf: seconds() + 60 }), 'not-yet-valid'],
    ['too long to be read', () => aToken({ username: 'x'.repeat(8_192) }), 'too-long'],
  ])('%s: the same answer, and the reason in a figure', (_, token, reason) => {
    expect(codeOf(() => read(token()))).toBe('401 TOKEN_INVALID')
    expect(reported).toEqual([reason])
  })

  test('a refusal carries its reason for the log', () => {
    let cause: unknown
    try {
      read('abc')
    } catch (error) {
      cause = (error as Problem).cause
    }
    expect(cause).toBe('malformed')
  })

  test('missing keys are our fault: 503, and no user is logged out', () => {
    expect(codeOf(() => read(aToken(), { keys: () => null }))).toBe('503 NOT_ACCEPTED')
    expect(codeOf(() => read('abc', { keys: () => null }))).toBe('401 TOKEN_INVALID')
    // A press with a key, or a read, may be about a sale that was made.
    const keyed = () => authenticate(`Bearer ${aToken()}`, { keys: () => null }, false)
    expect(codeOf(keyed)).toBe('503 NOT_READY')
  })

  test('unsigned, whatever its header claims', () => {
    const [, payload] = aToken().split('.')
    const header = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url')
    expect(codeOf(() => read(`${header}.${payload ?? ''}.`))).toBe('401 TOKEN_INVALID')
  })

  test('of another issuer or audience, where those are configured', () => {
    expect(codeOf(() => read(aToken({ iss: 'otro' }), { issuer: 'recargas' }))).toBe(
      '401 TOKEN_INVALID',
    )
    expect(codeOf(() => read(aToken({ aud: 'otro' }), { audience: 'recargas' }))).toBe(
      '401 TOKEN_INVALID',
    )
    expect(
      codeOf(() =>
        read(aToken({ iss: 'recargas', aud: 'recargas' }), {
          issuer: 'recargas',
          audience: 'recargas',
        }),
      ),
    ).toBe('let in')
  })
})

test('a clock that is a little ahead of ours does not log a POS out', () => {
  expect(codeOf(() => read(aToken({ exp: seconds() - 1 })))).toBe('let in')
})
