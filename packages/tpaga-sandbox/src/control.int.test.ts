import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { apiKey, eventually, startSandbox } from './testing/caller.ts'
import { createSandbox } from './sandbox.ts'

let carrier: Awaited<ReturnType<typeof startSandbox>>

beforeEach(async () => {
  carrier = await startSandbox({ balance: 10_000, maxCalls: 5, maxTransactions: 3 })
})
afterEach(async () => {
  await carrier.close()
})

const sell = (token: string) => carrier.topUp({ idempotency_token: token })

describe('the log of calls', () => {
  test('lists each call in the order of arrival, the refused ones too', async () => {
    await sell('a')
    await sell('a')
    await carrier.topUp({ amount: 0 })
    await carrier.get('/merchant/balance')
    expect(await carrier.calls()).toEqual([
      {
        seq: 1,
        at: expect.stringMatching(/^\d{4}-.*Z$/),
        endpoint: 'topup_account',
        token: 'a',
        number: '78945612',
        amount: 1000,
        status: 200,
        debited: true,
        concurrent: 1,
        scenario: null,
      },
      expect.objectContaining({ seq: 2, token: 'a', debited: false }),
      expect.objectContaining({ seq: 3, status: 422, token: null }),
      expect.objectContaining({ seq: 4, endpoint: 'balance', status: 200 }),
    ])
  })

  test('is read on from a sequence number, by token or from its end', async () => {
    for (const token of ['a', 'b', 'a']) await sell(token)
    const seqs = async (query: string) => (await carrier.calls(query)).map((call) => call['seq'])
    expect(await seqs('?since=1')).toEqual([2, 3])
    expect(await seqs('?since=3')).toEqual([])
    expect(await seqs('?token=a')).toEqual([1, 3])
    expect(await seqs('?last=2')).toEqual([2, 3])
    expect(await seqs('?token=a&last=1')).toEqual([3])
    expect(await seqs('?token=a&since=1')).toEqual([3])
  })

  test('keeps the newest when full, reports the number dropped, and numbers on after a clear', async () => {
    for (let call = 0; call < 8; call += 1) await sell('a')
    const { body } = await carrier.ask('/_calls')
    expect(body).toMatchObject({ latest: 8, dropped: 3 })
    expect((await carrier.calls()).map((call) => call['seq'])).toEqual([4, 5, 6, 7, 8])
    await carrier.control('DELETE', '/_calls')
    expect(await carrier.calls()).toEqual([])
    await sell('a')
    expect((await carrier.calls()).map((call) => call['seq'])).toEqual([9])
  })
})

describe('the control routes', () => {
  test('list transactions by token and forget the oldest beyond the limit', async () => {
    for (const token of ['a', 'b', 'c', 'd']) await sell(token)
    const { body } = await carrier.ask('/_transactions')
    expect(Object.keys(body['transactions'] as object)).toEqual(['b', 'c', 'd'])
    expect(await carrier.transaction('d')).toEqual({
      ...{ endpoint: 'topup_account', state: 'authorized', debits: 1, amount: 1000 },
      ...{ number: '78945612', settlesAt: null },
    })
    expect((await carrier.ask('/_state')).body).toMatchObject({
      ...{ balance: 6_000, initialBalance: 10_000, debits: 4, debitedAmount: 4_000 },
      ...{ transactions: 3, authorized: 3, forgotten: 1 },
    })
  })

  test('set the balance, and reset everything', async () => {
    await sell('a')
    await carrier.control('POST', '/_scenario', { scenario: 'error-500' })
    expect((await carrier.control('POST', '/_balance', { balance: 77 })).body['balance']).toBe(77)
    await carrier.control('POST', '/_reset')
    const { body } = await carrier.ask('/_state')
    expect(body).toMatchObject({ balance: 10_000, transactions: 0, scenarios: [] })
    expect(await carrier.calls()).toEqual([])
  })

  test('a reset drops the work that has not happened yet and its connection', async () => {
    await carrier.control('POST', '/_scenario', { scenario: 'answer-after', delayMs: 60_000 })
    const dropped = expect(sell('a')).rejects.toThrow()
    await eventually(carrier.calls, (calls) => calls[0]?.['token'] === 'a')
    await carrier.control('POST', '/_reset')
    await dropped
    expect((await sell('a')).status).toBe(200)
  })

  test('remove one scenario or all of them', async () => {
    for (const scenario of ['error-500', 'error-502', 'error-504']) {
      expect((await carrier.control('POST', '/_scenario', { scenario })).status).toBe(201)
    }
    const left = (await carrier.control('DELETE', '/_scenario?id=2')).body
    expect(left['active']).toMatchObject([{ scenario: 'error-500' }, { scenario: 'error-504' }])
    expect((await carrier.control('DELETE', '/_scenario')).body).toEqual({ removed: 2, active: [] })
  })

  test.each([
    ['/_scenario', { scenario: 'no-such-scenario' }],
    ['/_scenario', { scenario: 'error-500', probability: 2 }],
    ['/_scenario', { scenario: 'error-500', match: { endpoint: 'nowhere' } }],
    ['/_scenario', { scenario: 'error-500', unknown: true }],
    ['/_balance', { balance: 1.5 }],
  ])('refuse at %s what they do not understand: %j', async (path, body) => {
    expect((await carrier.control('POST', path, body)).status).toBe(422)
  })

  test('refuse a body that is not JSON and a path that is not there', async () => {
    expect((await carrier.ask('/_scenario', { method: 'POST', body: '{' })).status).toBe(400)
    expect((await carrier.control('POST', '/_nothing', {})).status).toBe(404)
  })

  test('the page loads nothing from elsewhere', async () => {
    const page = await carrier.ask('/')
    expect(page.headers.get('content-type')).toContain('text/html')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.text).not.toMatch(/(src|href)=|https?:/)
  })
})

describe('the state file', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tpaga-sandbox-'))
  })
  afterEach(async () => {
    await rm(folder, { recursive: true })
  })
  const start = () =>
    startSandbox({ balance: 10_000, stateFile: join(folder, 'deep', 'state.jsonl') })

  test('keeps balance and tokens over a restart', async () => {
    const before = await start()
    const first = await before.topUp({})
    await before.close()
    const after = await start()
    expect(await after.balance()).toBe(9_000)
    expect((await after.topUp({})).body).toEqual(first.body)
    expect((await after.topUp({ amount: 5 })).status).toBe(422)
    expect(await after.balance()).toBe(9_000)
    await after.close()
  })

  test('settles transactions in progress after a restart', async () => {
    const before = await start()
    await before.control('POST', '/_scenario', {
      scenario: 'in-progress-then-authorized',
      delayMs: 100,
    })
    expect((await before.topUp({})).body['status']).toBe('in_progress')
    await before.close()
    const after = await start()
    await eventually(after.balance, (balance) => balance === 9_000)
    expect((await after.topUp({})).body['status']).toBe('authorized')
    await after.close()
  })

  test('is written within about a second, and a line cut off by a crash is dropped whole', async () => {
    const file = join(folder, 'deep', 'state.jsonl')
    const before = await start()
    await before.topUp({})
    await eventually(
      () => readFile(file, 'utf8'),
      (text) => text.includes('my-idempotency-token-8'),
    )
    await before.close()
    await appendFile(file, '{"balance":1,"transactions":[{"requ')
    const after = await start()
    expect(await after.balance()).toBe(9_000)
    await after.topUp({ idempotency_token: 'b' })
    await after.close()
    const last = await start()
    expect(await last.balance()).toBe(8_000)
    await last.close()
  })

  test('forgets with a reset', async () => {
    const before = await start()
    await before.topUp({})
    await before.control('POST', '/_reset')
    await before.close()
    const after = await start()
    expect(await after.transaction('my-idempotency-token-8')).toBeUndefined()
    expect(await after.balance()).toBe(10_000)
    await after.close()
  })

  test('a damaged one is refused at the start', async () => {
    const stateFile = join(folder, 'state.jsonl')
    await writeFile(stateFile, 'nonsense\n{"balance":1,"transactions":[]}\n')
    await expect(createSandbox({ apiKey, stateFile })).rejects.toThrow('state.jsonl:1 is not')
  })
})
