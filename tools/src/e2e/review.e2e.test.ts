import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { createPos, tokenFor, type Answer } from '../till/pos.ts'
import { eventually, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Shop
beforeAll(async () => {
  stack = await openTestStack('review', {
    env: {
      adapter: {
        TOPUP_REPEAT_SECONDS: '0.5,1.5',
        TPAGA_CALL_TIMEOUT_MS: '500',
        TPAGA_CONNECT_TIMEOUT_MS: '400',
        // Sales that fail on purpose must not stop the next test's.
        BREAKER_VOLUME: '1000',
      },
      gateway: { RESOLVE_FOUR_EYES: 'false' },
    },
  })
}, 60_000)
beforeEach(async () => {
  shop = await openShop(stack.gateway)
})
afterAll(async () => {
  const proof = await stack.close()
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0 })
}, 60_000)

/** A number the carrier debits at once and never answers for: the repeat of the token finds it sold. */
const soldInSilence = '3119000001'

const pendingSale = async (number: string) => {
  const pending = await shop.sell(number, 5, {
    prefer: 'wait=0',
    'x-confirmar-duplicado': 'true',
  })
  expect(pending.status).toBe(202)
  return `/recargas/cliente/${String(pending.body['id_transaccion'])}`
}
const untilState = (path: string, state: string): Promise<Answer> =>
  eventually(
    () => shop.administrator.get(path),
    ({ body }) => body['estado'] === state,
  )
const inReview = async () => {
  const path = await pendingSale('3110002222')
  await untilState(path, 'EN_REVISION')
  return path
}
const resolve = (path: string, resultado: string, pos = shop.administrator) =>
  pos.post(`${path}/resolver`, { resultado, evidencia: 'ticket 4711', nota: 'por teléfono' })

describe('a sale whose answer never came', () => {
  it('is asked about with the same token and found sold, debited once', async () => {
    const path = await pendingSale(soldInSilence)
    const sold = await untilState(path, 'AUTORIZADA')
    expect(await stack.carrierCalls(String(sold.body['id_transaccion']))).toBe(2)
    expect(await shop.drawer()).toBe('405.00')
  })

  it('goes in review when the schedule is over, with everything that was tried', async () => {
    const path = await inReview()
    const { list } = await shop.administrator.get('/recargas/revision')
    const { body } = await shop.administrator.get(path)
    expect(list.map(({ id }) => id)).toContain(body['id'])
    expect((body['intentos'] as unknown[]).length).toBe(3)
    expect((await shop.cashier.get('/recargas/revision')).status).toBe(403)
  })
})

describe('a person', () => {
  it('who finds that it was not sold gives float and cash back', async () => {
    const before = await shop.float()
    const path = await inReview()
    const resolved = await resolve(path, 'RECHAZADA')
    expect([resolved.status, resolved.body['estado']]).toEqual([200, 'RECHAZADA'])
    expect((await shop.float()).available).toBe(before.available)
    expect(await shop.drawer()).toBe('400.00')
    expect((await resolve(path, 'AUTORIZADA')).body['code']).toBe('TOPUP_NOT_IN_REVIEW')
  })

  it('who finds that it was sold takes the cash and the float', async () => {
    const path = await inReview()
    const resolved = await resolve(path, 'AUTORIZADA')
    expect([resolved.status, resolved.body['estado']]).toEqual([200, 'AUTORIZADA'])
    expect(await shop.drawer()).toBe('405.00')
    const { body } = await shop.administrator.get(path)
    expect(JSON.stringify(body)).toContain('ticket 4711')
  })

  it('must be an Administrador of this shop, and say why', async () => {
    const path = await inReview()
    expect((await resolve(path, 'RECHAZADA', shop.cashier)).status).toBe(403)
    const stranger = createPos(
      stack.gateway.url,
      tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador', merchant: 'bogota' }),
    )
    expect((await resolve(path, 'RECHAZADA', stranger)).status).toBe(404)
    const silent = await shop.administrator.post(`${path}/resolver`, { resultado: 'RECHAZADA' })
    expect(silent.status).toBe(400)
    expect((await shop.administrator.get(path)).body['estado']).toBe('EN_REVISION')
  })
})
