import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { createRecargasClient, type RecargasClient } from '@recargas/client'
import { tokenFor } from '../till/pos.ts'
import { newNumber, openShop, type Shop } from '../till/shop.ts'
import { captureMessages } from '../trace/capture.ts'
import { followSales } from '../trace/follow.ts'
import { sellTraced } from '../trace/sales.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Shop
let client: RecargasClient
let requests: Request[] = []
/** Answers that get lost on their way back, though the gateway gave them. */
let lost = 0

beforeAll(async () => {
  stack = await openTestStack('client', { env: { gateway: { LOG_LEVEL: 'info' } } })
  shop = await openShop(stack.gateway)
  const token = tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador' })
  client = createRecargasClient({
    baseUrl: stack.gateway.url(),
    token,
    limits: { waitSeconds: 2, giveUpAfterMs: 20_000 },
    fetch: async (request) => {
      requests.push(request)
      const response = await fetch(request)
      if (lost === 0) return response
      lost -= 1
      throw new TypeError('the connection broke')
    },
  })
}, 60_000)
afterAll(async () => {
  const proof = await stack.close()
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0 })
}, 60_000)

const order = (numero_cliente = newNumber(), monto = 2) => ({
  operadora: 'Tigo',
  numero_cliente,
  monto,
  id_caja_sesion: shop.sessionId,
})

describe('the client', () => {
  it('sells once although the answers of two presses get lost', async () => {
    const before = Number(await shop.drawer())
    ;[requests, lost] = [[], 2]
    const outcome = await client.sell(order())
    expect(outcome).toMatchObject({ kind: 'sold', sale: { estado: 'AUTORIZADA', monto: 2 } })
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'POST', 'POST'])
    expect(new Set(requests.map(({ headers }) => headers.get('idempotency-key'))).size).toBe(1)
    expect(Number(await shop.drawer())).toBe(before + 2)
    const id = outcome.kind === 'sold' ? outcome.sale.id_transaccion : ''
    expect(await stack.carrierCalls(id)).toBe(1)
    expect(await client.lookUp(id)).toMatchObject({ kind: 'found', outcome: { kind: 'sold' } })
  }, 30_000)

  it('waits for a sale that the carrier answers late', async () => {
    const number = newNumber()
    await stack.slowDown(number, 7_000)
    requests = []
    expect(await client.sell(order(number))).toMatchObject({ kind: 'sold' })
    expect(requests.map(({ method }) => method)).toEqual(expect.arrayContaining(['POST', 'GET']))
  }, 30_000)

  it('reports a suspected duplicate, and sells it when the cashier confirms', async () => {
    const number = newNumber()
    expect(await client.sell(order(number))).toMatchObject({ kind: 'sold' })
    expect(await client.sell(order(number))).toMatchObject({
      kind: 'refused',
      code: 'DUPLICATE_SUSPECTED',
      problem: { operacion_anterior: { estado: 'AUTORIZADA' } },
    })
    expect(await client.sell(order(number), { confirmDuplicate: true })).toMatchObject({
      kind: 'sold',
    })
  }, 30_000)

  it('reports a carrier’s refusal, and reads any route with its types', async () => {
    expect(await client.sell(order('3110005555'))).toMatchObject({
      kind: 'refused',
      code: 'CARRIER_REJECTED',
      message: expect.stringContaining('No se vendió'),
    })
    const { data } = await client.api.GET('/recargas/operadoras/saldos')
    expect(data?.map(({ nombre_operadora: name }) => name)).toContain('Tigo')
    expect(await client.lookUp(999_999)).toEqual({ kind: 'absent' })
  }, 30_000)
})

describe('the id of a request', () => {
  it('is in the answer, the logs, the messages, the attempt and the journal of its sale', async () => {
    const { traces } = stack
    const followed = await captureMessages(traces.amqpUrl, async (messages) =>
      followSales(await sellTraced(shop, 10), messages, traces),
    )
    expect(followed).toEqual({
      sales: 10,
      answer: 10,
      logs: 10,
      messages: 10,
      attempt: 10,
      journal: 10,
      linked: 10,
    })
  }, 60_000)

  it('that is not the answered one is found nowhere', async () => {
    const { traces } = stack
    const followed = await captureMessages(traces.amqpUrl, async (messages) => {
      const [sale] = await sellTraced(shop, 1)
      if (sale === undefined) throw new Error('nothing was sold')
      await followSales([sale], messages, traces)
      const other = { ...sale, sent: null, answered: 'another' }
      return followSales([other], messages, traces, 0)
    })
    const none = { logs: 0, messages: 0, attempt: 0, journal: 0, linked: 0 }
    expect(followed).toEqual({ sales: 1, answer: 1, ...none })
  }, 60_000)
})
