import { readdirSync } from 'node:fs'
import { afterEach, expect, test } from '@jest/globals'
import { language, languages } from './language.ts'

const sources = new URL('..', import.meta.url)
const tables = readdirSync(sources, { recursive: true })
  .map(String)
  .filter((file) => /(^|\/)words\.ts$/.test(file))

afterEach(() => {
  language.value = 'es'
})

test.each(tables)('%s says everything in every language', async (file) => {
  const exports = (await import(new URL(file, sources).href)) as Readonly<
    Record<string, { readonly value: object }>
  >
  const [table] = Object.values(exports)
  const spoken = languages.map((each) => {
    language.value = each
    const entries = Object.entries(table?.value ?? {}) as [string, unknown][]
    expect(entries.filter(([, sentence]) => sentence === '')).toEqual([])
    return entries.map(([name, sentence]) => [name, typeof sentence])
  })
  expect(spoken[1]).toEqual(spoken[0])
})
