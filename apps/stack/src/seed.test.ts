import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { seed } from './seed.ts'

const secret = 'a-secret-of-thirty-two-bytes-or-more'

/** One shop as a gateway holds it. */
type Shop = {
  readonly operators: string[]
  readonly floats: string[]
  readonly cajas: { readonly id: number; readonly nombre: string }[]
  session: number | null
}
/** The shops of the catalogue; another one is refused. */
let shops: Record<string, Shop> = {}
/** An injection of this operator fails, as a start that is ended there. */
let failsAt: string | null = null
let server: Server
let url = ''

type Answer = { readonly status: number; readonly body: unknown }
const ok = (body: unknown): Answer => ({ status: 200, body })
const made = (body: unknown): Answer => ({ status: 201, body })

type Body = { readonly nombre: string; readonly operadora_destino: string }

const answerOf = (shop: Shop, request: string, body: Body): Answer => {
  switch (request) {
    case 'GET /cajas':
      return ok(shop.cajas)
    case 'POST /cajas': {
      const caja = { id: shop.cajas.length + 1, nombre: body.nombre }
      shop.cajas.push(caja)
      return made(caja)
    }
    case 'GET /cajas/sesion-activa/2':
      return shop.session === null ? { status: 404, body: {} } : ok({ id: shop.session })
    case 'POST /cajas/abrir':
      shop.session = 1
      return made({ id: 1 })
    case 'GET /operadoras':
      return ok(shop.operators.map((nombre) => ({ nombre })))
    case 'GET /recargas/operadoras/saldos':
      return ok(shop.floats.map((name) => ({ nombre_operadora: name })))
    case 'POST /recargas/inyeccion':
      if (body.operadora_destino === failsAt) return { status: 503, body: {} }
      shop.floats.push(body.operadora_destino)
      return made({})
    default:
      throw new Error(`a request that nobody expected: ${request}`)
  }
}

const merchantOf = (authorization = ''): string => {
  const { merchant } = jwt.verify(authorization.replace('Bearer ', ''), secret) as {
    readonly merchant: string
  }
  return merchant
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const shop = shops[merchantOf(request.headers.authorization)]
      const body = JSON.parse(text === '' ? '{}' : text) as Body
      const answer: Answer =
        shop === undefined
          ? { status: 403, body: { code: 'MERCHANT_NOT_CONFIGURED' } }
          : answerOf(shop, `${request.method ?? ''} ${request.url ?? ''}`, body)
      response.writeHead(answer.status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer.body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  failsAt = null
  shops = { principal: newShop('Tigo', 'Entel') }
})

const newShop = (...operators: readonly string[]): Shop => ({
  operators: [...operators],
  floats: [],
  cajas: [],
  session: null,
})
const principal = (): Shop => shops['principal'] ?? newShop()

test('a new demo shop gets float of every operator, and a shop outside the catalogue nothing', async () => {
  expect(await seed(url, secret)).toEqual({ principal: 1 })
  expect(principal().floats).toEqual(['Tigo', 'Entel'])
  expect(principal().cajas.map(({ nombre }) => nombre)).toEqual(['Caja 01', 'Caja 02'])
})

test('an operator that is added later gets no demo float', async () => {
  await seed(url, secret)
  principal().operators.push('Viva')
  expect(await seed(url, secret)).toEqual({ principal: 1 })
  expect(principal().floats).toEqual(['Tigo', 'Entel'])
})

test('a start that ended amid the seeding is completed by the next one, each float once', async () => {
  failsAt = 'Entel'
  await expect(seed(url, secret)).rejects.toThrow('POST /recargas/inyeccion: 503')
  failsAt = null
  await seed(url, secret)
  expect(principal().floats).toEqual(['Tigo', 'Entel'])
})
