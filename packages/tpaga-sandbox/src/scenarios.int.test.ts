import { createConnection } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { scenarioNames, scenarios } from './sandbox.ts'
import { eventually, startSandbox } from './testing/caller.ts'

let carrier: Awaited<ReturnType<typeof startSandbox>>
const token = 'my-idempotency-token-8'

beforeAll(async () => {
  carrier = await startSandbox({ balance: 1_000_000, seed: 7 })
})
beforeEach(async () => {
  await carrier.control('POST', '/_reset')
})
afterAll(async () => {
  await carrier.close()
})

const play = (scenario: string, more: object = {}) =>
  carrier.control('POST', '/_scenario', { scenario, ...more })
const lastCall = async () => (await carrier.calls('?last=1'))[0]

describe('a scenario that answers', () => {
  test.each([
    ['error-500-after-effect', 500, 1],
    ['error-502-after-effect', 502, 1],
    ['error-504-after-effect', 504, 1],
    ['html-503-after-effect', 503, 1],
    ['html-503', 503, 0],
    ['error-500', 500, 0],
    ['error-502', 502, 0],
    ['error-504', 504, 0],
    ['unauthorized', 401, 0],
    ['forbidden', 403, 0],
    ['not-found', 404, 0],
    ['rate-limited', 429, 0],
    ['redirect', 302, 0],
  ] as const)('%s sends %i without a status word and debits %i', async (name, status, debits) => {
    const reply = await carrier.topUp({ destination_number: scenarios[name].number })
    expect([reply.status, reply.body['status']]).toEqual([status, undefined])
    expect(await carrier.balance()).toBe(1_000_000 - 1000 * debits)
    expect(await lastCall()).toMatchObject({ status, debited: debits === 1, scenario: name })
    const repeat = await carrier.topUp({ destination_number: scenarios[name].number })
    expect(repeat.status).toBe(debits === 1 ? 200 : status)
    expect(await carrier.balance()).toBe(1_000_000 - 1000 * debits)
  })

  test.each(['json-503', 'balance-exhausted'] as const)(
    '%s rejects in JSON for good and never debits',
    async (name) => {
      await play(name, { count: 1 })
      for (let attempt = 0; attempt < 2; attempt += 1) {
        const reply = await carrier.topUp({})
        expect([reply.status, reply.body['status']]).toEqual([503, 'rejected'])
      }
      expect(await carrier.balance()).toBe(1_000_000)
    },
  )

  test('html-503 is a page, 429 has a Retry-After, a redirect leads into a trap', async () => {
    const page = await carrier.topUp({ destination_number: scenarios['html-503'].number })
    expect(page.headers.get('content-type')).toContain('text/html')
    const other = { idempotency_token: 'b' }
    const numberOf429 = scenarios['rate-limited'].number
    const limited = await carrier.topUp({ ...other, destination_number: numberOf429 })
    expect(limited.headers.get('retry-after')).toBe('1')
    const redirected = await carrier.topUp({
      idempotency_token: 'c',
      destination_number: scenarios.redirect.number,
    })
    expect(redirected.headers.get('location')).toBe('/elsewhere')
    expect((await carrier.ask('/elsewhere')).body['status']).toBe('authorized')
    expect(await lastCall()).toMatchObject({ endpoint: 'elsewhere' })
    expect(await carrier.balance()).toBe(1_000_000)
  })

  test('wrong-token-echo, status-uppercase and numbers-as-strings bend one thing each', async () => {
    const bend = async (name: 'wrong-token-echo' | 'status-uppercase' | 'numbers-as-strings') => {
      const sale = { idempotency_token: name, destination_number: scenarios[name].number }
      const bent = (await carrier.topUp(sale)).body
      const truth = (await carrier.topUp(sale)).body
      return Object.keys(truth)
        .filter((field) => bent[field] !== truth[field])
        .map((field) => [field, bent[field]])
    }
    expect(await bend('wrong-token-echo')).toEqual([
      ['idempotency_token', '2022111817513334794X305121'],
    ])
    expect(await bend('status-uppercase')).toEqual([['status', 'AUTHORIZED']])
    expect(await bend('numbers-as-strings')).toEqual([['amount', '1000']])
  })

  test('proto-body hides a rejection under __proto__ and has no status of its own', async () => {
    const { text } = await carrier.topUp({ destination_number: scenarios['proto-body'].number })
    expect(text).toContain('"__proto__":{"status":"rejected"}')
    expect(Object.hasOwn(JSON.parse(text) as object, 'status')).toBe(false)
  })

  test('truncated-json, huge-body and deep-json are 200 with a debit', async () => {
    for (const name of ['truncated-json', 'huge-body', 'deep-json'] as const) {
      const sale = { idempotency_token: name, destination_number: scenarios[name].number }
      const reply = await carrier.topUp(sale)
      expect(reply.status).toBe(200)
      expect((await carrier.topUp(sale)).body['status']).toBe('authorized')
      if (name === 'truncated-json') expect(() => JSON.parse(reply.text) as unknown).toThrow()
      if (name === 'huge-body') expect(reply.text.length).toBeGreaterThan(10_000_000)
      if (name === 'deep-json') expect(reply.text).toContain('['.repeat(100_000))
    }
    expect(await carrier.balance()).toBe(997_000)
  })
})

describe('a scenario that does not answer', () => {
  test.each(['effect-then-reset', 'cut-body'] as const)(
    '%s debits; a repeat tells so and debits no more',
    async (name) => {
      await play(name)
      await expect(carrier.topUp({})).rejects.toThrow()
      expect(await lastCall()).toMatchObject({ status: 'reset', debited: true, scenario: name })
      expect((await carrier.topUp({})).body['status']).toBe('authorized')
      expect(await carrier.balance()).toBe(999_000)
    },
  )

  test('effect-then-hang debits at once; a repeat is answered while the first still hangs', async () => {
    await play('effect-then-hang')
    const caller = new AbortController()
    const hanging = carrier.topUp({}, caller.signal)
    await eventually(lastCall, (call) => call?.['status'] === 'hung')
    expect((await carrier.topUp({})).body['status']).toBe('authorized')
    expect(await carrier.balance()).toBe(999_000)
    caller.abort()
    await expect(hanging).rejects.toThrow()
  })

  test('hang-without-effect keeps the token busy until the caller leaves, then forgets it', async () => {
    await play('hang-without-effect', { count: 1 })
    const caller = new AbortController()
    const hanging = carrier.topUp({}, caller.signal)
    await eventually(lastCall, (call) => call?.['status'] === 'hung')
    expect((await carrier.topUp({})).status).toBe(409)
    expect(await carrier.transaction(token)).toBeUndefined()
    caller.abort()
    await expect(hanging).rejects.toThrow()
    const sold = await eventually(
      () => carrier.topUp({}),
      ({ status }) => status === 200,
    )
    expect(sold.body['status']).toBe('authorized')
    expect(await carrier.balance()).toBe(999_000)
  })

  test('reset-without-effect leaves no trace but the call', async () => {
    await play('reset-without-effect', { count: 1 })
    await expect(carrier.topUp({})).rejects.toThrow()
    expect(await carrier.transaction(token)).toBeUndefined()
    expect(await lastCall()).toMatchObject({ status: 'reset', debited: false })
  })

  test('a hanging connection is reset when its time is over', async () => {
    await play('effect-then-hang', { delayMs: 30 })
    await expect(carrier.topUp({})).rejects.toThrow()
  })

  test('a reset is a real TCP reset and not an orderly close', async () => {
    await play('effect-then-reset')
    const code = await new Promise((resolve) => {
      const socket = createConnection(carrier.port, '127.0.0.1')
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code))
      socket.on('end', () => resolve('end'))
      const body =
        '{"idempotency_token":"raw","amount":1,"service_provider":"etb",' +
        '"destination_number":"78945612","payment_token":"p","payment_origin":"o"}'
      const authorization = 'Basic YWstdDltbjM0NW44M2llcXdyc3o0eHA4enRnZXQ='
      socket.write(
        'POST /api/gateway_topup/v1/topup_account HTTP/1.1\r\nHost: x\r\n' +
          `Authorization: ${authorization}\r\nContent-Type: application/json\r\n` +
          `Content-Length: ${body.length}\r\n\r\n${body}`,
      )
    })
    expect(code).toBe('ECONNRESET')
  })
})

describe('a scenario that takes its time', () => {
  test('answer-after debits in the end even when the caller has left', async () => {
    await play('answer-after', { delayMs: 1_500 })
    const caller = new AbortController()
    const abandoned = carrier.topUp({}, caller.signal)
    await eventually(lastCall, (call) => call?.['token'] === token)
    expect(await carrier.balance()).toBe(1_000_000)
    caller.abort()
    await expect(abandoned).rejects.toThrow()
    await eventually(carrier.balance, (balance) => balance === 999_000)
    expect(await lastCall()).toMatchObject({ status: 'left', debited: true })
  })

  test.each([
    ['in-progress-then-authorized', 200, 'authorized', 999_000],
    ['in-progress-then-rejected', 503, 'rejected', 1_000_000],
  ])('%s is in progress until it settles', async (name, status, word, balance) => {
    await play(name, { delayMs: 1_000 })
    const first = await carrier.topUp({})
    expect([first.status, first.body['status']]).toEqual([200, 'in_progress'])
    expect(await carrier.balance()).toBe(1_000_000)
    const settled = await eventually(
      () => carrier.topUp({}),
      ({ body }) => body['status'] !== 'in_progress',
    )
    expect([settled.status, settled.body['status']]).toEqual([status, word])
    expect(await carrier.balance()).toBe(balance)
    expect((await carrier.calls())[0]).toMatchObject({ debited: word === 'authorized' })
  })

  test('a package in progress settles by itself, and its lookup shows it', async () => {
    await play('in-progress-then-authorized', { delayMs: 40 })
    const bought = await carrier.buyPackage({})
    expect([bought.status, bought.body['status']]).toEqual([200, 'in-progress'])
    await eventually(carrier.balance, (balance) => balance === 992_500)
    const lookup = await carrier.get('/package_buy/2022111817513334794X305120')
    expect(lookup.body['status']).toBe('AUTHORIZED')
  })

  test('slow-body arrives whole, in the end', async () => {
    await play('slow-body', { delayMs: 60 })
    const started = Date.now()
    expect((await carrier.topUp({})).body['status']).toBe('authorized')
    expect(Date.now() - started).toBeGreaterThanOrEqual(55)
  })
})

describe('the choice of a scenario', () => {
  test('a count is used up', async () => {
    await play('error-500', { count: 2 })
    const statuses = []
    for (let attempt = 0; attempt < 4; attempt += 1) statuses.push((await carrier.topUp({})).status)
    expect(statuses).toEqual([500, 500, 200, 200])
  })

  test('a scenario for one number spares the others and outranks a test number', async () => {
    await play('error-504', { match: { number: '3110005555' } })
    await play('error-500', { match: { number: '78945613' } })
    expect((await carrier.topUp({ destination_number: '3110005555' })).status).toBe(504)
    expect((await carrier.topUp({ destination_number: '78945613' })).status).toBe(500)
    expect((await carrier.topUp({})).status).toBe(200)
  })

  test('a scenario without a number leaves the test numbers their meaning, but not 3110001111', async () => {
    await play('error-504')
    const statusOf = async (number: string) =>
      (await carrier.topUp({ idempotency_token: number, destination_number: number })).status
    expect(await statusOf('3110005555')).toBe(503)
    expect(await statusOf('3119000029')).toBe(500)
    expect(await statusOf('3110001111')).toBe(504)
  })

  test('probabilities draw the same mixture again from the same seed', async () => {
    const draw = async () => {
      await carrier.control('POST', '/_reset')
      await play('error-500', { probability: 0.3 })
      await play('error-502', { probability: 0.3 })
      const statuses = []
      for (let call = 0; call < 60; call += 1) {
        statuses.push((await carrier.topUp({ idempotency_token: `t${call}` })).status)
      }
      return statuses
    }
    const first = await draw()
    expect(new Set(first)).toEqual(new Set([200, 500, 502]))
    expect(await draw()).toEqual(first)
  })

  test('reads meet only the scenarios that are set for them', async () => {
    await play('error-500')
    expect((await carrier.get('/merchant/balance')).status).toBe(200)
    await play('html-503', { match: { endpoint: 'balance' } })
    expect((await carrier.get('/merchant/balance')).status).toBe(503)
    expect((await carrier.get('/packages')).status).toBe(200)
    await carrier.control('DELETE', '/_scenario')
    await play('json-503', { match: { endpoint: 'any' } })
    expect((await carrier.get('/package_buy/nobody')).status).toBe(503)
    expect((await carrier.topUp({})).body['status']).toBe('rejected')
  })

  test('a lookup can meet a scenario by the number of its purchase', async () => {
    await carrier.buyPackage({})
    const match = { endpoint: 'package_lookup', number: '3024700057' }
    await play('error-502', { match, count: 1 })
    const path = '/package_buy/2022111817513334794X305120'
    expect((await carrier.get(path)).status).toBe(502)
    expect((await carrier.get(path)).status).toBe(200)
  })

  test('every scenario has a number of its own and is listed with it', async () => {
    const { body } = await carrier.ask('/_scenarios')
    const listed = body['scenarios'] as readonly { name: string; number: string }[]
    expect(listed.map(({ name }) => name)).toEqual(scenarioNames)
    expect(new Set(listed.map(({ number }) => number)).size).toBe(scenarioNames.length)
    expect(listed.every(({ number }) => /^311900\d{4}$/.test(number))).toBe(true)
  })
})
