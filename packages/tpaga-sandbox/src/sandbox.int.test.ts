import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { apiKey, eventually, startSandbox, topupBody } from './testing/caller.ts'

let carrier: Awaited<ReturnType<typeof startSandbox>>

beforeEach(async () => {
  carrier = await startSandbox({ balance: 1_000_000 })
})
afterEach(async () => {
  await carrier.close()
})

describe('authentication', () => {
  test('lets in the base64 of the api-key without a colon, as the document shows it', async () => {
    const authorization = 'Basic YWstdDltbjM0NW44M2llcXdyc3o0eHA4enRnZXQ='
    const path = '/api/gateway_topup/v1/merchant/balance'
    expect((await carrier.ask(path, { headers: { authorization } })).status).toBe(200)
    const lowerCase = authorization.replace('Basic', 'basic')
    expect((await carrier.ask(path, { headers: { authorization: lowerCase } })).status).toBe(200)
  })

  test.each([
    ['no header', undefined],
    ['the key with a colon', `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`],
    ['the key as a user name', `Basic ${Buffer.from(`x:${apiKey}`).toString('base64')}`],
    ['another key', `Basic ${Buffer.from('ak-other').toString('base64')}`],
    ['a bearer token', `Bearer ${Buffer.from(apiKey).toString('base64')}`],
  ])('answers 401 and sells nothing with %s', async (_case, authorization) => {
    const reply = await carrier.ask('/api/gateway_topup/v1/topup_account', {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) },
      body: JSON.stringify(topupBody({})),
    })
    expect(reply.status).toBe(401)
    expect(reply.body['error_message']).toEqual(expect.any(String))
    expect(await carrier.balance()).toBe(1_000_000)
  })
})

describe('the sandbox’s reads', () => {
  test.each(['/api/gateway_topup/v1', '/api/gateway_top-up/v1'])(
    'is served at %s',
    async (base) => {
      carrier.useBase(base)
      const reply = await carrier.get('/merchant/balance')
      expect(reply.status).toBe(200)
      expect(reply.body).toEqual({ balance: 1_000_000, max_loan_amount: 0 })
      expect((await carrier.topUp({})).status).toBe(200)
    },
  )

  test('has the six providers of the document, entel and viva', async () => {
    const providers = (await carrier.get('/service_providers')).body['service_providers'] as {
      slug: string
    }[]
    expect(providers.map(({ slug }) => slug)).toEqual([
      ...['movistar', 'claro-movil', 'avantel', 'uff-movil', 'etb', 'tigo', 'entel', 'viva'],
    ])
    expect(providers[1]).toEqual({
      slug: 'claro-movil',
      name: 'Claro Móvil',
      icon_url: 'https://some-icon-url.com',
    })
  })

  test('is 404 at an unknown path and 405 with the wrong method, both in JSON', async () => {
    const unknown = await carrier.get('/no_such_thing')
    expect([unknown.status, unknown.body['error_message']]).toEqual([404, 'not found'])
    expect((await carrier.get('/topup_account')).status).toBe(405)
    expect((await carrier.ask('//')).status).toBe(404)
  })
})

describe('a top-up', () => {
  test('answers exactly the documented fields and takes the money once', async () => {
    const reply = await carrier.topUp({ destination_number: '3110001111' })
    expect(reply.status).toBe(200)
    expect(reply.body).toEqual({
      token: expect.any(String),
      ...topupBody({ destination_number: '3110001111' }),
      status: 'authorized',
      result_code: expect.any(String),
    })
    expect(await carrier.balance()).toBe(999_000)
  })

  test.each([
    ['3110001111', 200, 'authorized', 1],
    ['3110002222', 502, 'unknown', 0],
    ['3110003333', 500, 'created', 0],
    ['3110004444', 409, 'in-progress', 0],
    ['3110005555', 503, 'rejected', 0],
    ['78945612', 200, 'authorized', 1],
    // The numbers of the package section mean nothing to a top-up.
    ['3110007777', 200, 'authorized', 1],
  ])('to %s is answered %i %s, a repeat too', async (number, status, word, debits) => {
    const first = await carrier.topUp({ destination_number: number })
    const repeat = await carrier.topUp({ destination_number: number })
    expect([first.status, first.body['status']]).toEqual([status, word])
    expect(repeat.status).toBe(status)
    expect(repeat.body).toEqual(first.body)
    expect(await carrier.balance()).toBe(1_000_000 - 1000 * debits)
    expect((await carrier.transaction('my-idempotency-token-8'))?.['debits']).toBe(debits)
  })

  test.each([
    ['destination_number', { destination_number: '7'.repeat(21) }],
    ['destination_number', { destination_number: '+573110001' }],
    ['destination_number', { destination_number: 78945612 }],
    ['idempotency_token', { idempotency_token: 'x'.repeat(129) }],
    ['idempotency_token', { idempotency_token: '' }],
    ['payment_origin', { payment_origin: 'x'.repeat(256) }],
    ['payment_token', { payment_token: 'x'.repeat(65) }],
    ['payment_token', { payment_token: undefined }],
    ['amount', { amount: 0 }],
    ['amount', { amount: 100_001 }],
    ['amount', { amount: 10.5 }],
    ['amount', { amount: '1000' }],
    ['service_provider', { service_provider: 'vodafone' }],
  ])('is refused with 422 for a wrong %s', async (field, wrong) => {
    const reply = await carrier.topUp(wrong)
    expect(reply.status).toBe(422)
    expect(reply.body['field']).toBe(field)
    expect(reply.body['error_message']).toEqual(expect.any(String))
    expect(await carrier.balance()).toBe(1_000_000)
  })

  test('takes every field at its longest and largest', async () => {
    const longest = {
      destination_number: '7'.repeat(20),
      idempotency_token: 'x'.repeat(128),
      payment_origin: 'x'.repeat(255),
      payment_token: 'x'.repeat(64),
      amount: 100_000,
    }
    expect((await carrier.topUp(longest)).status).toBe(200)
    expect(await carrier.balance()).toBe(900_000)
  })

  test('is refused when its body is not JSON, not an object or too large', async () => {
    expect((await carrier.post('/topup_account', '{"amount":')).status).toBe(400)
    expect((await carrier.post('/topup_account', '[]')).status).toBe(422)
    expect((await carrier.post('/topup_account', 'x'.repeat(70_000))).status).toBe(413)
  })

  test('with the token of another sale is 422 and changes nothing', async () => {
    await carrier.topUp({})
    for (const other of [{ amount: 2000 }, { destination_number: '78945613' }]) {
      const reply = await carrier.topUp(other)
      expect([reply.status, reply.body['field']]).toEqual([422, 'idempotency_token'])
    }
    expect((await carrier.buyPackage({ idempotency_token: 'my-idempotency-token-8' })).status).toBe(
      422,
    )
    expect(await carrier.balance()).toBe(999_000)
  })

  test('takes a token that is a property of every object', async () => {
    for (const token of ['__proto__', 'constructor', 'hasOwnProperty']) {
      expect((await carrier.topUp({ idempotency_token: token })).status).toBe(200)
    }
    expect(await carrier.balance()).toBe(997_000)
    const { text } = await carrier.ask('/_transactions')
    expect(text).toContain('"__proto__":{"endpoint":"topup_account"')
  })

  test('is rejected once the balance is used up, and that stays so', async () => {
    await carrier.control('POST', '/_balance', { balance: 1500 })
    expect((await carrier.topUp({ idempotency_token: 'a' })).status).toBe(200)
    const refused = await carrier.topUp({ idempotency_token: 'b' })
    expect([refused.status, refused.body['status']]).toEqual([503, 'rejected'])
    await carrier.control('POST', '/_balance', { balance: 10_000 })
    expect((await carrier.topUp({ idempotency_token: 'b' })).body['status']).toBe('rejected')
    expect(await carrier.balance()).toBe(10_000)
  })
})

describe('two requests of one token at once', () => {
  test('give the second 409 in progress for a top-up, and debit once', async () => {
    await carrier.control('POST', '/_scenario', { scenario: 'answer-after', delayMs: 1_500 })
    const first = carrier.topUp({})
    await eventually(carrier.calls, (calls) => calls[0]?.['token'] !== undefined)
    const second = await carrier.topUp({})
    expect([second.status, second.body['status']]).toEqual([409, 'in-progress'])
    expect((await carrier.topUp({ amount: 7 })).status).toBe(422)
    expect((await first).body['status']).toBe('authorized')
    expect((await carrier.topUp({})).body).toEqual((await first).body)
    expect(await carrier.balance()).toBe(999_000)
    expect((await carrier.calls()).map((call) => call['concurrent'])).toEqual([1, 2, 2, 1])
  })

  test('give the second 200 in-progress for a package', async () => {
    await carrier.control('POST', '/_scenario', { scenario: 'answer-after', delayMs: 1_500 })
    const first = carrier.buyPackage({})
    await eventually(carrier.calls, (calls) => calls.length === 1)
    const second = await carrier.buyPackage({})
    expect([second.status, second.body['status']]).toEqual([200, 'in-progress'])
    const lookup = await carrier.get('/package_buy/2022111817513334794X305120')
    expect([lookup.status, lookup.body['status']]).toEqual([200, 'in-progress'])
    expect((await first).body['status']).toBe('AUTHORIZED')
  })

  test('meet within the latency of a sandbox', async () => {
    const slow = await startSandbox({ latencyMs: 1_000 })
    const replies = await Promise.all([slow.topUp({}), slow.topUp({})])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    await slow.close()
  })
})
