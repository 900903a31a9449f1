import { expect, test } from '@jest/globals'
import { MerchantId } from '@recargas/contracts'
import type { Token } from './claims.ts'
import { readRevocations } from './revocations.ts'

const issuedAt = '2026-01-05T12:00:00Z'
const token: Token = {
  userId: '7',
  username: 'ana',
  scopes: [],
  role: 'Operador',
  merchant: MerchantId.parse('bogota'),
  tokenId: 'a',
  expiresAtSeconds: 9_999_999_999,
  notBeforeSeconds: null,
  issuedAtSeconds: Date.parse(issuedAt) / 1_000,
}
const isRevoked = (list: unknown, changes: Partial<Token> = {}) =>
  readRevocations(JSON.stringify(list)).includes({ ...token, ...changes })

test('a token is revoked by its id alone', () => {
  expect(isRevoked({ jti: ['a'] })).toBe(true)
  expect(isRevoked({ jti: ['b'] })).toBe(false)
  expect(isRevoked({ jti: ['a'] }, { tokenId: null })).toBe(false)
})

test('a subject is revoked as a number and as text', () => {
  expect(isRevoked({ subjects: [{ sub: 7 }] })).toBe(true)
  expect(isRevoked({ subjects: [{ sub: '7' }] })).toBe(true)
  expect(isRevoked({ subjects: [{ sub: 8 }] })).toBe(false)
})

test('a line that names a merchant revokes its tokens alone, and tokens without a merchant', () => {
  expect(isRevoked({ subjects: [{ sub: 7, merchant: 'bogota' }] })).toBe(true)
  expect(isRevoked({ subjects: [{ sub: 7, merchant: 'principal' }] })).toBe(false)
  expect(isRevoked({ subjects: [{ sub: 7, merchant: 'principal' }] }, { merchant: null })).toBe(
    true,
  )
})

test('issued before a moment only, where one is named; a token without time of issue is covered', () => {
  const before = (moment: string) => ({ subjects: [{ sub: 7, before: moment }] })
  expect(isRevoked(before('2026-01-05T12:00:01Z'))).toBe(true)
  expect(isRevoked(before(issuedAt))).toBe(false)
  expect(isRevoked(before(issuedAt), { issuedAtSeconds: null })).toBe(true)
})

test('any one of several lines on a subject revokes it', () => {
  const subjects = [
    { sub: 7, before: '2020-01-01T00:00:00Z' },
    { sub: 7, merchant: 'bogota' },
  ]
  expect(isRevoked({ subjects })).toBe(true)
})

test.each<readonly [string, string]>([
  ['no JSON', '{"jti":['],
  ['a misspelt member', '{"jtis":["a"]}'],
  ['a misspelt condition', '{"subjects":[{"sub":7,"until":"2026-01-05T12:00:00Z"}]}'],
  ['a moment that is none', '{"subjects":[{"sub":7,"before":"yesterday"}]}'],
  ['a list alone', '["a"]'],
])('%s is no list, rather than one that revokes nothing', (_, json) => {
  expect(() => readRevocations(json)).toThrow()
})
