import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { accountDocId } from '../mongo/documents.ts'
import { ensureProjections } from '../projections/all.ts'
import { openProjections } from '../projections/open-projections.ts'
import { aBundle, anOpenShopOperations, aVerdict, idOf } from '../testing/builders.ts'
import { logDatabase, type LogDatabase } from '../testing/log-database.ts'
import { testLogWriter } from '../testing/test-log-writer.ts'

let database: LogDatabase
beforeAll(async () => {
  database = await logDatabase()
  await ensureProjections(database.db)
}, 60_000)
afterAll(() => database.drop())

describe('selling a bundle', () => {
  it('is remembered by an instance that takes the partition over: settled once, suspected twice', async () => {
    const first = testLogWriter(database)
    await first.enqueueAll(anOpenShopOperations())
    const sale = aBundle()
    await first.enqueue(sale)
    await first.stop()

    const second = testLogWriter(database)
    await second.enqueue(aBundle())
    expect(second.notifications.at(-1)?.body).toContain('DUPLICATE_SUSPECTED')
    await second.enqueue(aVerdict(idOf(sale), 'authorized'))
    const settled = JSON.parse(second.notifications.at(-1)?.body ?? '{}') as { data?: unknown }
    expect(settled.data).toMatchObject({
      state: 'committed',
      bundle: { provider: '3', code: '024', name: '200 MINUTOS' },
    })
    await second.projectAll()
    expect(
      await openProjections(database.db).accounts.findOne({
        _id: accountDocId('principal/float/Tigo'),
      }),
    ).toMatchObject({
      posted: 8_950,
      reserved: 0,
    })
  })
})
