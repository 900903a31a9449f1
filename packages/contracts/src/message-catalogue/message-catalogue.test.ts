import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import * as contracts from '../index.ts'
import { exampleMessage, kindOf, meaningOf, messageCatalogue } from './message-catalogue.ts'
import { ways } from './ways.ts'

const source = new URL('../', import.meta.url)
const sources = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .sort()
  .map((name) => readFileSync(new URL(name, source), 'utf8'))
const every = ways.flatMap(({ schemas }) => schemas)

/** All words after every space are compared: prettier aligns the tables. */
const wordsOf = (text: string): string => text.replaceAll(/-{3,}/g, '---').replaceAll(/[ ]+/g, ' ')

test('docs/messages.md is made from the schemas: npm run documents', () => {
  const document = readFileSync(new URL('../../../docs/messages.md', source), 'utf8')
  expect(wordsOf(document)).toBe(wordsOf(messageCatalogue(sources)))
})

test('the catalogue of messages holds every envelope that contracts declare', () => {
  const declared = sources.flatMap((text) => [
    ...[...text.matchAll(/envelopeOf\(\s*'(\w+\.v\d+)'/g)].map(([, kind = '']) => kind),
    ...[...text.matchAll(/declareOperation\(\{\s*kind: '(\w+)'/g)].map(([, kind]) => `${kind}.v1`),
  ])
  expect(declared.length).toBeGreaterThan(15)
  expect(every.map(kindOf).sort()).toEqual(declared.sort())
  expect(contracts.commandTypes.every((type) => declared.includes(type))).toBe(true)
})

test.each(every.map((schema) => [kindOf(schema), schema] as const))(
  'the example of %s is a message, and its meaning is told',
  (kind, schema) => {
    expect(schema.safeParse(exampleMessage(schema)).error?.issues ?? []).toEqual([])
    expect(meaningOf(kind, sources)).toMatch(/^[A-Z].*\.$/)
  },
)
