import { describe, expect, it } from '@jest/globals'
import { silentLog } from '@recargas/runtime'
import { until } from '@recargas/runtime/testing'
import { createSalesFreeze, judge, type Restored, type RunSince } from './sales-freeze.ts'

const restored: Restored = { recoveryPoint: '2026-11-21T08:00:00.000Z', lastRun: 4 }
const run = (number: number, status: RunSince['status'], uncertain = 0): RunSince => ({
  number,
  status,
  uncertain,
})

describe('after a restore', () => {
  it('nothing is sold before a reconciliation', () => {
    expect(judge(restored, [])).toMatchObject({ kind: 'keep' })
  })

  it('a run without a difference opens, also after an inconclusive one', () => {
    expect(judge(restored, [run(5, 'open'), run(6, 'equal')])).toEqual({ kind: 'open', run: 6 })
  })

  it('a difference is not healed by the runs after it, which expect it', () => {
    const judged = judge(restored, [run(5, 'different'), run(6, 'equal')])
    expect(judged).toMatchObject({ kind: 'keep', reason: expect.stringContaining('accept') })
  })

  it('a run that compared a range opens nothing, nor do the exact runs after it, which start from its place in it', () => {
    const judged = judge(restored, [run(5, 'equal', 150), run(6, 'equal')])
    expect(judged).toMatchObject({ kind: 'keep', reason: expect.stringContaining('up to 150') })
  })

  it('sales in flight keep it closed until exact figures are compared', () => {
    expect(judge(restored, [run(5, 'open', 150)])).toMatchObject({ kind: 'keep' })
    expect(judge(restored, [run(5, 'open', 150), run(6, 'equal', 0)])).toEqual({
      kind: 'open',
      run: 6,
    })
  })

  it('a first run has nothing to compare with: a person answers for it', () => {
    expect(judge(restored, [run(1, 'baseline'), run(2, 'equal')])).toMatchObject({ kind: 'keep' })
  })
})

const aFreeze = async (isRestored: boolean, runs: readonly RunSince[] = []) => {
  const opened: string[] = []
  const freeze = await createSalesFreeze({
    store: {
      read: () => Promise.resolve(isRestored && opened.length === 0 ? restored : null),
      runsAfter: () => Promise.resolve(runs),
      open: ({ by }) => Promise.resolve(void opened.push(by)),
    },
    now: () => 0,
    everyMs: 5,
    log: silentLog,
  })
  return { freeze, opened }
}

it('a ledger that was never restored sells', async () => {
  const { freeze, opened } = await aFreeze(false)
  expect([freeze.areSalesOpen(), freeze.state()]).toEqual([true, { open: true, reason: null }])
  expect(opened).toEqual([])
})

it('the reconciliation itself opens, and that is written down', async () => {
  const { freeze, opened } = await aFreeze(true, [run(5, 'equal')])
  await until(freeze.areSalesOpen)
  await freeze.stop()
  expect(opened).toEqual(['reconciliation'])
})

it('a person opens where a reconciliation found a difference', async () => {
  const { freeze, opened } = await aFreeze(true, [run(5, 'different')])
  expect(freeze.areSalesOpen()).toBe(false)
  await freeze.accept('Ana', 'the carrier explained it')
  expect(freeze.areSalesOpen()).toBe(true)
  await freeze.stop()
  expect(opened).toEqual(['Ana'])
})
