import { expect, test } from '@jest/globals'
import { aKeyPair } from '../testing/token-fixtures.ts'
import { publishedKeySet, secretKeySet } from './keys.ts'

const rsa = aKeyPair('RS256', 'rsa-1')
const ec = aKeyPair('ES256', 'ec-1')
const both = ['RS256', 'ES256'] as const
const setOf = (keys: readonly object[], pinned: readonly ('RS256' | 'ES256')[] = both) =>
  publishedKeySet(JSON.stringify({ keys }), pinned)

test('each key serves its own algorithm, by its id', () => {
  const keys = setOf([rsa.published, ec.published])
  expect(keys.choose('RS256', 'rsa-1')).toMatchObject({ kind: 'found', algorithm: 'RS256' })
  expect(keys.choose('ES256', 'ec-1')).toMatchObject({ kind: 'found', algorithm: 'ES256' })
  expect(keys.choose('ES256', 'rsa-1')).toEqual({ kind: 'refused', reason: 'unknown-key' })
  expect(keys.choose('HS256', 'rsa-1')).toEqual({ kind: 'refused', reason: 'algorithm' })
})

test('an algorithm that is not pinned is refused, though its key is published', () => {
  const keys = setOf([rsa.published, ec.published], ['RS256'])
  expect(keys.choose('ES256', 'ec-1')).toEqual({ kind: 'refused', reason: 'algorithm' })
})

test('without an id the only key of the algorithm counts, and none of several', () => {
  const another = { ...rsa.published, kid: 'rsa-2' }
  expect(setOf([rsa.published, ec.published]).choose('RS256', undefined).kind).toBe('found')
  expect(setOf([rsa.published, another]).choose('RS256', undefined).kind).toBe('refused')
})

const passedOver: readonly (readonly [
  string,
  { readonly kid: string; readonly [member: string]: unknown },
])[] = [
  ['for encryption', { ...rsa.published, use: 'enc' }],
  ['that only signs', { ...rsa.published, key_ops: ['sign'] }],
  ['of another algorithm', { ...rsa.published, alg: 'RS512' }],
  ['that is secret', { ...rsa.published, kty: 'oct' }],
  ['whose private half was published', { ...rsa.published, ...{ d: 'AQAB' } }],
  ['on another curve', { ...ec.published, ...{ crv: 'P-384' } }],
  ['that is no point of the curve', { ...ec.published, x: ec.published.y }],
  ['below 2048 bits', aKeyPair('RS256', 'weak', 1_024).published],
  ['with the exponent 1', { ...rsa.published, e: 'AQ' }],
  ['without its numbers', { ...rsa.published, n: undefined }],
]
test.each(passedOver)('a key %s is passed over', (_, published) => {
  const good = aKeyPair('ES256', 'good').published
  const keys = setOf([published, good])
  expect(keys.choose('RS256', published.kid).kind).toBe('refused')
  expect(keys.choose('ES256', published.kid).kind).toBe('refused')
  expect(keys.choose('ES256', 'good').kind).toBe('found')
})

test.each<readonly [string, string]>([
  ['no JSON', '<html>'],
  ['no set', '{"kid":"a"}'],
  ['an empty set', '{"keys":[]}'],
  ['a set with nothing usable', '{"keys":[{"kty":"oct","k":"AA"},7]}'],
  ['two keys of one id', JSON.stringify({ keys: [rsa.published, rsa.published] })],
  ['65 keys', JSON.stringify({ keys: Array.from({ length: 65 }, () => rsa.published) })],
])('%s is no set to change to', (_, json) => {
  expect(() => publishedKeySet(json, both)).toThrow()
})

test('a shared secret serves HS256 alone, whatever the id', () => {
  const keys = secretKeySet('a-secret-of-at-least-thirty-two-bytes!')
  expect(keys.choose('HS256', 'any').kind).toBe('found')
  expect(keys.choose('HS512', undefined).kind).toBe('refused')
})
