import { describe, expect, test } from '@jest/globals'
import { offeredOf } from './provider-list.ts'

const offered = (value: unknown) => offeredOf({ kind: 'json', value })

describe("the carrier's list of operators", () => {
  test('is its slugs, each once', () => {
    const tigo = { slug: 'tigo', name: 'Tigo', icon_url: 'https://x' }
    expect(offered({ service_providers: [tigo, { slug: 'claro-movil' }, tigo] })).toEqual([
      'tigo',
      'claro-movil',
    ])
  })

  test('leaves out what is no slug', () => {
    const list = [
      { slug: 'etb' },
      { slug: 7 },
      { slug: 'x'.repeat(21) },
      { slug: '' },
      null,
      'tigo',
    ]
    expect(offered({ service_providers: list })).toEqual(['etb'])
  })

  test('is at most two hundred entries', () => {
    const list = Array.from({ length: 5_000 }, (_, index) => ({ slug: `s${index}` }))
    expect(offered({ service_providers: list })).toHaveLength(200)
  })

  test.each([
    ['another object', {}],
    ['no list', { service_providers: 'tigo' }],
    ['an empty list', { service_providers: [] }],
    ['inherited names', JSON.parse('{"__proto__":{"service_providers":[{"slug":"tigo"}]}}')],
    ['null', null],
  ])('is unknown for %s', (_name, value) => {
    expect(offered(value)).toBeNull()
  })

  test('is unknown where there is no JSON', () => {
    expect(offeredOf({ kind: 'text' })).toBeNull()
    expect(offeredOf({ kind: 'none' })).toBeNull()
  })
})
