import { describe, expect, test } from '@jest/globals'
import { MerchantId } from '@recargas/contracts'
import { Problem } from '../edge/problem.ts'
import { aToken, secret } from '../testing/token.ts'
import { createAuthenticate, type TokenRules } from './authenticate.ts'

const rules: TokenRules = {
  secret,
  defaultMerchant: MerchantId.parse('principal'),
  isKnown: (merchant) => merchant !== 'otro',
  clockSkewMs: 2_000,
  now: () => Date.now(),
}
const seconds = () => Math.floor(Date.now() / 1_000)

const read = (token: string, changes: Partial<TokenRules> = {}) =>
  createAuthenticate({ ...rules, ...changes })(`Bearer ${token}`)

const codeOf = (attempt: () => unknown): string => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof Problem) return `${error.status} ${error.code}`
    throw error
  }
  return 'let in'
}

test('reads who calls from the claims of the existing system', () => {
  expect(read(aToken({ merchant: 'bogota' }))).toEqual({
    merchant: 'bogota',
    userId: '2',
    username: 'ana',
    role: 'Operador',
  })
})

test('a token without merchant belongs to the default one, or is refused where there is none', () => {
  expect(read(aToken()).merchant).toBe('principal')
  expect(codeOf(() => read(aToken(), { defaultMerchant: undefined }))).toBe(
    '401 TOKEN_WITHOUT_MERCHANT',
  )
})

test('a merchant that sells nothing here is forbidden, which logs nobody out', () => {
  expect(codeOf(() => read(aToken({ merchant: 'otro' })))).toBe('403 MERCHANT_NOT_CONFIGURED')
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
  expect(codeOf(() => createAuthenticate(rules)(header))).toBe('401 TOKEN_MISSING')
})

describe('refused tokens', () => {
  test.each<readonly [string, () => string, string]>([
    ['expired', () => aToken({ exp: seconds() - 10 }), '401 TOKEN_EXPIRED'],
    [
      'signed with another secret',
      () => aToken({}, 'another-secret-of-thirty-two-bytes-or-so'),
      '401 TOKEN_INVALID',
    ],
    ['signed with another algorithm', () => aToken({}, secret, 'HS512'), '401 TOKEN_INVALID'],
    ['not a token', () => 'abc', '401 TOKEN_INVALID'],
    ['without an end', () => aToken({ exp: undefined }), '401 TOKEN_INVALID'],
    ['without a subject', () => aToken({ sub: undefined }), '401 TOKEN_INVALID'],
    [
      'without a role, as refresh tokens are',
      () => aToken({ roleName: undefined, roleId: undefined }),
      '401 TOKEN_INVALID',
    ],
    ['with a role nobody knows', () => aToken({ roleName: 'root' }), '401 TOKEN_INVALID'],
    ['with a merchant that is no name', () => aToken({ merchant: '../otro' }), '401 TOKEN_INVALID'],
    ['not valid yet', () => aToken({ nbf: seconds() + 60 }), '401 TOKEN_INVALID'],
  ])('%s', (_, token, expected) => {
    expect(codeOf(() => read(token()))).toBe(expected)
  })

  test('unsigned, whatever its header says', () => {
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
