import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Answer } from '../till/pos.ts'
import { eventually, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Shop
beforeAll(async () => {
  stack = await openTestStack('document', {
    env: {
      adapter: {
        // Late enough that a press is answered while its sale is open.
        TOPUP_REPEAT_SECONDS: '4',
        BUNDLE_LOOKUP_SECONDS: '4',
        BUNDLE_LOOKUP_HOURS: '0',
        // Sales that fail on purpose must not stop the next one's.
        BREAKER_VOLUME: '1000',
      },
    },
  })
  shop = await openShop(stack.gateway, { cash: 2_000, float: 1_000 })
}, 60_000)
afterAll(async () => {
  const proof = await stack.close()
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0 })
}, 60_000)

const untilReview = (path: string): Promise<Answer> =>
  eventually(
    () => shop.administrator.get(path),
    ({ body }) => body['estado'] === 'EN_REVISION',
  )
const resolve = (id: unknown, resultado: string) =>
  shop.administrator.post(`/recargas/cliente/${String(id)}/resolver`, {
    resultado,
    evidencia: 'ticket 4711',
    nota: 'por teléfono',
  })

describe.each([
  {
    what: 'a top-up',
    sold: '3110001111',
    refused: '3110005555',
    unclear: ['3110002222', '3110003333', '3110004444'],
    path: '/recargas/cliente',
    buy: (number: string, headers?: Record<string, string>) => shop.sell(number, 5, headers),
  },
  {
    what: 'a bundle',
    sold: '3110001111',
    refused: '3110000000',
    unclear: ['3110007777', '3110006666'],
    path: '/paquetes/compra',
    buy: (number: string, headers?: Record<string, string>) =>
      shop.cashier.post(
        '/paquetes/compra',
        {
          operadora: 'Tigo',
          codigo_paquete: '002',
          numero_cliente: number,
          id_caja_sesion: shop.sessionId,
        },
        headers,
      ),
  },
])('the numbers of the carrier’s document, for $what', ({ sold, refused, unclear, path, buy }) => {
  it(`${sold} is sold`, async () => {
    const answer = await buy(sold)
    expect([answer.status, answer.body['estado']]).toEqual([201, 'AUTORIZADA'])
  })

  it(`${refused} is refused, and the float is given back`, async () => {
    const before = await shop.float()
    const answer = await buy(refused)
    expect([answer.status, answer.body['code']]).toEqual([422, 'CARRIER_REJECTED'])
    expect(await shop.float()).toEqual(before)
  })

  it.each(unclear)(
    '%s is pending, then in review, and a person settles it',
    async (number) => {
      const answer = await buy(number, { prefer: 'wait=0' })
      expect([answer.status, answer.body['estado']]).toEqual([202, 'PENDIENTE'])
      const location = answer.headers.get('location') ?? ''
      expect(location).toBe(`${path}/${String(answer.body['id_transaccion'])}`)
      const { body } = await untilReview(location)
      const { list } = await shop.administrator.get('/recargas/revision')
      expect(list.map(({ id }) => id)).toContain(body['id'])
      const resultado = number === unclear[0] ? 'AUTORIZADA' : 'RECHAZADA'
      const settled = await resolve(body['id_transaccion'], resultado)
      expect([settled.status, settled.body['estado']]).toEqual([200, resultado])
    },
    60_000,
  )
})

describe('the carrier’s packages', () => {
  it('keep the leading zero of their code, and cost the price of the carrier’s list', async () => {
    const { body } = await shop.cashier.get('/paquetes?per_page=5')
    const [first] = body['paquetes'] as readonly Readonly<Record<string, unknown>>[]
    expect(first?.['codigo']).toMatch(/^0/)
    const order = {
      operadora: 'Tigo',
      codigo_paquete: first?.['codigo'],
      numero_cliente: '3150000001',
      id_caja_sesion: shop.sessionId,
    }
    const cheaper = await shop.cashier.post('/paquetes/compra', { ...order, monto: 0.5 })
    expect([cheaper.status, cheaper.body['code']]).toEqual([409, 'BUNDLE_PRICE_CHANGED'])
    const bought = await shop.cashier.post('/paquetes/compra', order)
    expect(bought.status).toBe(201)
    expect(bought.body).toMatchObject({
      monto: first?.['precio'],
      paquete: { codigo: first?.['codigo'] },
    })
  })
})
