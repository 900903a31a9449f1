import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { accountDocId } from '../mongo/documents.ts'
import { accountsIn } from '../mongo/state.ts'
import { aBundle, anOpenShopOperations, aVerdict, idOf } from '../testing/builders.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { testWriter } from '../testing/test-writer.ts'

let database: FreshDatabase
beforeAll(async () => {
  database = await freshDatabase()
})
afterEach(() => database.empty())
afterAll(() => database.drop())

describe('selling a bundle', () => {
  it('is remembered by an instance that takes the partition over: settled once, suspected twice', async () => {
    const first = testWriter(database)
    await first.submitAll(anOpenShopOperations())
    const sale = aBundle()
    await first.submit(sale)
    await first.stop()

    const second = testWriter(database)
    await second.submit(aBundle())
    expect(second.sent.at(-1)?.body).toContain('DUPLICATE_SUSPECTED')
    await second.submit(aVerdict(idOf(sale), 'authorized'))
    const settled = JSON.parse(second.sent.at(-1)?.body ?? '{}') as { data?: unknown }
    expect(settled.data).toMatchObject({
      state: 'committed',
      bundle: { provider: '3', code: '024', name: '200 MINUTOS' },
    })
    expect(
      await accountsIn(database.collections).findOne({
        _id: accountDocId('principal/float/Tigo'),
      }),
    ).toMatchObject({
      posted: 8_950,
      reserved: 0,
    })
  })
})
