import { describe, expect, test } from '@jest/globals'
import type { AnswerBody } from '../../domain/call-result.ts'
import { bundleProvidersOf, offersOf } from './package-list.ts'

const json = (value: unknown): AnswerBody => ({ kind: 'json', value })
const entry = {
  name: '200 MINUTOS A TODO OPERADOR',
  description: '200 MNTS O 20DIAS',
  amount: 9_900,
  validity: '20 DÍAS',
  package_code: '024',
  sku: '50015',
  category_code: '9',
  category_description: 'HABLAR',
  provider_code: '58',
}
const offer = {
  provider: '58',
  code: '024',
  name: '200 MINUTOS A TODO OPERADOR',
  description: '200 MNTS O 20DIAS',
  carrierAmount: 9_900,
  validity: '20 DÍAS',
  category: 'HABLAR',
  sku: '50015',
}
const read = (...entries: readonly unknown[]) => offersOf(json({ packages: entries }), '58', 200)

describe('a page of packages', () => {
  test('is read as the document shows it, the leading zero kept', () => {
    expect(read(entry)).toEqual({ entries: [offer], listed: 1 })
  })

  test.each([
    ['a provider as a number', { provider_code: 58 }, offer],
    ['a code as a number', { package_code: 24 }, { ...offer, code: '24' }],
    ['no sku', { sku: null }, { ...offer, sku: null }],
    ['a sku as a number', { sku: 50_015 }, offer],
    ['more fields than documented', { new_field: [1] }, offer],
    ['texts of many lines', { name: ' DOS\n\tMIL\u0000 ' }, { ...offer, name: 'DOS MIL' }],
    [
      'a very long text',
      { description: 'x'.repeat(400) },
      { ...offer, description: 'x'.repeat(300) },
    ],
    ['no description', { description: null }, { ...offer, description: '' }],
  ])('may have %s', (_name, changes, expected) => {
    expect(read({ ...entry, ...changes })?.entries).toEqual([expected])
  })

  test.each([
    ['a price that is no whole number', { amount: 9_900.5 }],
    ['a price as text', { amount: '9900' }],
    ['no price', { amount: 0 }],
    ['a negative price', { amount: -1 }],
    ['a code nobody can ask for', { package_code: '../topup_account' }],
    ['a code too long', { package_code: '1'.repeat(21) }],
    ['a name that is empty', { name: '  ' }],
    ['another provider', { provider_code: '3' }],
    ['a name that is no text', { name: { toString: 'x' } }],
  ])('leaves out an entry with %s, and counts it', (_name, changes) => {
    expect(read({ ...entry, ...changes }, entry)).toEqual({ entries: [offer], listed: 2 })
  })

  test.each([null, 7, 'text', [], {}])('leaves out %j', (odd) => {
    expect(read(odd, entry)).toEqual({ entries: [offer], listed: 2 })
  })

  test.each<readonly [string, AnswerBody]>([
    ['text', { kind: 'text' }],
    ['nothing', { kind: 'none' }],
    ['another object', json({ error_message: 'x' })],
    ['a list that is none', json({ packages: { 0: entry } })],
    ['a bare list', json([entry])],
  ])('that is %s is none', (_name, body) => {
    expect(offersOf(body, '58', 200)).toBeNull()
  })

  test('never holds more than was asked for', () => {
    const page = { packages: Array.from({ length: 5 }, () => entry) }
    expect(offersOf(json(page), '58', 2)).toMatchObject({ entries: [offer, offer], listed: 5 })
  })
})

describe('the providers of packages', () => {
  const listed = {
    name: 'CLARO PAQUETES',
    provider_code: '58',
    operator_logo_url: 'https://storage.example/58.webp',
    enabled: true,
  }
  const provider = {
    provider: '58',
    name: 'CLARO PAQUETES',
    logoUrl: 'https://storage.example/58.webp',
    enabled: true,
  }
  const readProviders = (...entries: readonly unknown[]) =>
    bundleProvidersOf(json({ service_providers: entries }))

  test('are read as the document shows them', () => {
    expect(readProviders(listed)).toEqual({ entries: [provider], listed: 1 })
  })

  test('keep one whose picture nobody can show', () => {
    for (const url of [null, 7, 'javascript:alert(1)', `https://${'x'.repeat(600)}`]) {
      const found = readProviders({ ...listed, operator_logo_url: url })
      expect(found?.entries).toEqual([{ ...provider, logoUrl: null }])
    }
  })

  test('leave out one that does not say if it is for sale', () => {
    const found = readProviders({ ...listed, enabled: 'true' }, { ...listed, provider_code: 3 })
    expect(found?.entries.map(({ provider: code }) => code)).toEqual(['3'])
  })
})
