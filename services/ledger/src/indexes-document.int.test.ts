import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { projections } from './projections/all.ts'
import { collectionOf } from './projections/generations.ts'
import { positionsCollection } from './projections/projection-store.ts'
import { freshDatabase, modelNames, type FreshDatabase } from './testing/fresh-database.ts'
import { shardKeys } from './testing/watch-queries.ts'

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

const text = (name = 'ledger'): string =>
  readFileSync(new URL(`../../../docs/${name}.md`, import.meta.url), 'utf8')

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

it('docs/growing.md lists the shard key of each sharded collection, and the names of those that stay whole', async () => {
  const section = text('growing').split('\n### The keys\n')[1]?.split('\n### ')[0] ?? ''
  const listed = [...section.matchAll(/^\| (\w+) *\| `(\w+)` *\|/gm)].map(
    ([, name = '', key = '']) => [name, key] as const,
  )
  const inUse = [...shardKeys].filter(([name]) => !name.endsWith('_b'))
  expect(new Map(listed)).toEqual(new Map(inUse))
  const lists = await Promise.all(
    [database.db, database.blocks].map((db) =>
      db.listCollections({}, { nameOnly: true }).toArray(),
    ),
  )
  const whole = lists.flat().flatMap(({ name }) => (shardKeys.has(name) ? [] : [name]))
  const named = /^The other collections stay whole on the first shard: ([^.]*)\./m.exec(
    section,
  )?.[1]
  expect([...(named ?? '').matchAll(/`(\w+)`/g)].map(([, name]) => name).sort()).toEqual(
    whole.sort(),
  )
})

it('each index of a sharded collection begins with the partition, so that a unique one is unique over all shards', async () => {
  const others = (await stored()).filter((line) => {
    const [, name = '', first] = /^(\w+): (\w+)/.exec(line) ?? []
    return shardKeys.has(name) && first !== 'p'
  })
  expect(others).toEqual([])
})
