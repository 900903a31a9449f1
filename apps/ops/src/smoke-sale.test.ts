import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { runOps } from './program.ts'

/** A gateway with answers set by a test, by method and path; everything else is 404. */
let answers: Record<string, unknown> = {}
const asked: {
  readonly request: string
  readonly headers: IncomingHttpHeaders
  readonly body: unknown
}[] = []
let server: Server

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const name = `${request.method ?? ''} ${request.url ?? ''}`
      const body: unknown = text === '' ? null : JSON.parse(text)
      asked.push({ request: name, headers: request.headers, body })
      response.writeHead(answers[name] === undefined ? 404 : 200)
      response.end(JSON.stringify(answers[name] ?? { code: 'NOT_FOUND' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(() => void server.close())
beforeEach(() => {
  answers = {}
  asked.length = 0
})

const sell = async (more: readonly string[] = [], token = 'a-cashier') => {
  let out = ''
  let err = ''
  const order = ['--operator', 'Tigo', '--number', '78945612', '--amount', '1.50', '--user', '2']
  const code = await runOps(['smoke-sale', ...order, '--key', 'shop-3', ...more], {
    environment: {
      GATEWAY_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      OPS_TOKEN: token,
      STACK_DIR: '/nowhere',
    },
    out: (text) => (out += text),
    err: (text) => (err += text),
  })
  return { code, out, err }
}

const sale = (estado: string) => ({ estado, id_transaccion: '0b9d' })

it('sells one top-up in the person’s open session under the given key, and reads it back', async () => {
  answers = {
    'GET /cajas/sesion-activa/2': { id: 41 },
    'POST /recargas/cliente': sale('AUTORIZADA'),
    'GET /recargas/cliente/0b9d?wait=20': sale('AUTORIZADA'),
  }
  expect(await sell()).toEqual({
    code: 0,
    out: 'sale 0b9d: AUTORIZADA, and read back\n',
    err: '',
  })
  expect(asked[1]).toMatchObject({
    headers: {
      authorization: 'Bearer a-cashier',
      'idempotency-key': 'shop-3',
      'x-confirmar-duplicado': 'true',
    },
    body: { operadora: 'Tigo', numero_cliente: '78945612', monto: 1.5, id_caja_sesion: 41 },
  })
})

it('waits for a sale that is pending, and fails where it is not authorized in the end', async () => {
  answers = {
    'GET /cajas/sesion-activa/2': { id: 41 },
    'POST /recargas/cliente': sale('PENDIENTE'),
    'GET /recargas/cliente/0b9d?wait=20': sale('AUTORIZADA'),
  }
  expect((await sell()).code).toBe(0)
  answers['GET /recargas/cliente/0b9d?wait=20'] = sale('EN_REVISION')
  expect(await sell()).toEqual({ code: 1, out: '', err: 'sale 0b9d is EN_REVISION\n' })
})

it('sells nothing without an open session, and refuses an amount that is none', async () => {
  expect(await sell()).toMatchObject({ code: 1, err: expect.stringContaining('no open session') })
  expect(asked.map(({ request }) => request)).toEqual(['GET /cajas/sesion-activa/2'])
  expect((await sell(['--amount', 'much'])).code).toBe(2)
})

it('sells nothing without a token of the person', async () => {
  expect(await sell([], '')).toMatchObject({
    code: 2,
    err: 'a token of an Operador is needed: --token or OPS_TOKEN\n',
  })
  expect(asked).toEqual([])
})
