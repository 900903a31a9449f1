import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { adapterQueue } from '@recargas/contracts'
import { eventually } from '@recargas/runtime/testing'
import { aJob, asMessage } from '../testing/jobs.ts'
import { startWholeAdapter, type WholeAdapter } from '../testing/whole-adapter.ts'

let adapter: WholeAdapter
beforeAll(async () => {
  adapter = await startWholeAdapter()
}, 30_000)
afterAll(() => adapter.close())

const bytes = (content: unknown): Buffer => Buffer.from(JSON.stringify(content))
const mebibyte = 1024 * 1024

test.each([adapterQueue('tpaga', 'topup'), adapterQueue('tpaga', 'bundle')])(
  'dead-letters a message of %s that is no job with its cause, makes no call, and sells its neighbours',
  async (queue) => {
    const [first, last, ...bad] = Array.from({ length: 7 }, () => aJob())
    if (first === undefined || last === undefined) throw new Error('no jobs')
    await adapter.ask(asMessage(first), queue)
    const [truncated, type, version, large, nobodys] = bad.map((job) => asMessage(job))
    await adapter.put(queue, bytes(truncated).subarray(0, 100))
    await adapter.put(queue, bytes({ ...type, type: 'GiveMoney.v1' }))
    await adapter.put(queue, bytes({ ...version, type: 'FundsReserved.v2' }))
    await adapter.put(queue, bytes({ ...large, subject: 'x'.repeat(mebibyte) }))
    await adapter.put(queue, bytes({ ...nobodys, data: { ...nobodys?.data, merchant: '' } }))
    await adapter.ask(asMessage(last), queue)

    const codes = await eventually(
      () => adapter.quarantined(queue),
      ({ length }) => length === bad.length,
    )
    expect([...codes].sort()).toEqual(['INVALID', 'INVALID', 'INVALID', 'INVALID', 'UNREADABLE'])
    for (const job of [first, last]) {
      await eventually(
        () => adapter.verdictsOf(job),
        (verdicts) => verdicts.at(-1)?.verdict === 'authorized',
      )
    }
    expect(bad.flatMap((job) => adapter.verdictsOf(job))).toEqual([])
    const called = await (await fetch(`${adapter.sandbox.url}/_calls`)).text()
    expect(bad.filter(({ topupId }) => called.includes(topupId))).toEqual([])
    expect(called).toContain(last.topupId)
  },
  30_000,
)
