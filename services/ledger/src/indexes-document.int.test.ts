import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { projections } from './projections/all.ts'
import { collectionOf } from './projections/generations.ts'
import { positionsCollection } from './projections/projection-store.ts'
import { freshDatabase, modelNames, type FreshDatabase } from './testing/fresh-database.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
}, 60_000)
afterAll(() => database.drop())

/** The rows of docs/ledger.md: collection, fields and kind; each must name the query that it serves. */
const documented = (): readonly string[] => {
  const table = text().split('\n### Indexes\n')[1]?.split('\n## ')[0] ?? ''
  return [...table.matchAll(/^\| (\w+) *\| `([^`]+)` *\| ([^|]*?) *\| (.+?) *\|$/gm)].map(
    ([, collection = '', fields = '', kind = '']) => `${collection}: ${fields} ${kind}`.trim(),
  )
}

const text = (): string => readFileSync(new URL('../../../docs/ledger.md', import.meta.url), 'utf8')

it('docs/ledger.md lists every collection and no other', async () => {
  const table = text().split('\n## Collections\n')[1]?.split('\n### ')[0] ?? ''
  const listed = [...table.matchAll(/^\| (\w+) *\| (?!one document per)/gm)].map(([, name]) => name)
  const lists = await Promise.all(
    [database.db, database.blocks].map((db) =>
      db.listCollections({}, { nameOnly: true }).toArray(),
    ),
  )
  expect(listed.sort()).toEqual(
    lists
      .flat()
      .map(({ name }) => name)
      .sort(),
  )
})

it('the rights of the database’s user name every collection of the ledger, both of each projection, and no other', async () => {
  const path = new URL('../../../ops/mongodb/rights.json', import.meta.url)
  const { ledgerService } = JSON.parse(readFileSync(path, 'utf8')) as {
    readonly ledgerService: {
      readonly ledger: readonly { readonly collections: readonly string[] }[]
    }
  }
  const named = new Set(ledgerService.ledger.flatMap(({ collections }) => collections))
  named.delete('')
  const made = await database.db.listCollections({}, { nameOnly: true }).toArray()
  const both = projections.map(({ name }) => collectionOf(name, 2))
  expect([...named].sort()).toEqual([...made.map(({ name }) => name), ...both].sort())
})

const stored = async (): Promise<readonly string[]> => {
  const found = await Promise.all(
    [
      ...projections.map(({ name }) => name),
      positionsCollection,
      ...modelNames(database.models),
    ].map(async (name) => {
      const indexes = (await database.connection
        .collection(name)
        .listIndexes()
        .toArray()) as readonly {
        readonly key: Readonly<Record<string, unknown>>
        readonly unique?: boolean
        readonly partialFilterExpression?: unknown
      }[]
      return indexes
        .filter(({ key }) => Object.keys(key).join() !== '_id')
        .map(({ key, unique, partialFilterExpression }) => {
          const kinds = [
            ...(unique === true ? ['unique'] : []),
            ...(partialFilterExpression === undefined ? [] : ['partial']),
          ]
          return `${name}: ${Object.keys(key).join(', ')} ${kinds.join(', ')}`.trim()
        })
    }),
  )
  return found.flat()
}

it('docs/ledger.md lists every index with the query it serves, and no other', async () => {
  expect([...documented()].sort()).toEqual([...(await stored())].sort())
})
