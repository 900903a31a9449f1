import { expect, test } from '@jest/globals'
import { createTokenCache } from './token-cache.ts'

test('returns the entry of that token, and of no other', () => {
  const cache = createTokenCache<number>(2)
  cache.set('a', 1)
  expect([cache.get('a'), cache.get('b')]).toEqual([1, undefined])
})

test('over its limit it evicts the least recently used', () => {
  const cache = createTokenCache<number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  cache.get('a')
  cache.set('c', 3)
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
})

test('the same token twice is one entry', () => {
  const cache = createTokenCache<number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  cache.set('b', 3)
  expect([cache.get('a'), cache.get('b')]).toEqual([1, 3])
})
