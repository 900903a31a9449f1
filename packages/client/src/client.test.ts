import { expect, test } from '@jest/globals'
import { createRecargasClient } from './client.ts'

type Played = { readonly status: number; readonly body?: object; readonly retryAfter?: number }
type Reply = Played | 'lost'

const id = '01890a5d-ac96-774b-bcce-b302099a8057'
const order = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const sold: Played = { status: 201, body: { estado: 'AUTORIZADA', id_transaccion: id } }
const held: Played = { status: 202, body: { estado: 'PENDIENTE', id_transaccion: id } }
const found = (estado: string): Played => ({ status: 200, body: { estado, id_transaccion: id } })
const problem = (status: number, code: string, members: object = {}): Played => ({
  status,
  retryAfter: 0,
  body: { code, message: code.toLowerCase(), ...members },
})
const absent = problem(404, 'TOPUP_NOT_FOUND')
const notAccepted = problem(503, 'NOT_ACCEPTED')
const outcomeUnknown = problem(503, 'OUTCOME_UNKNOWN', { id_transaccion: id })

/** A client at a gateway that answers so, in turn; the last answer stays. */
const atGateway = (...replies: readonly [Reply, ...Reply[]]) => {
  const asked: { readonly method: string; readonly path: string; readonly headers: Headers }[] = []
  const client = createRecargasClient({
    baseUrl: 'http://gateway.test',
    token: () => Promise.resolve('a-token'),
    limits: { giveUpAfterMs: 200, pauseMsMax: 5 },
    fetch: ({ method, url, headers }) => {
      const { pathname, search } = new URL(url)
      asked.push({ method, path: pathname + search, headers })
      const reply = replies[Math.min(asked.length, replies.length) - 1] ?? 'lost'
      if (reply === 'lost') return Promise.reject(new TypeError('fetch failed'))
      const { status, body = {}, retryAfter } = reply
      return Promise.resolve(
        Response.json(body, {
          status,
          headers: retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) },
        }),
      )
    },
  })
  const methods = () => asked.map(({ method }) => method).join(' ')
  const keys = () =>
    new Set(
      asked
        .filter(({ method }) => method === 'POST')
        .map(({ headers }) => headers.get('idempotency-key')),
    )
  return { client, asked, methods, keys }
}

test('a press is one POST with a key, a trace and the token that counts now', async () => {
  const { client, asked } = atGateway(sold)
  expect(await client.sell(order)).toMatchObject({ kind: 'sold', sale: { id_transaccion: id } })
  const headers = asked[0]?.headers
  expect(asked).toHaveLength(1)
  expect(headers?.get('authorization')).toBe('Bearer a-token')
  expect(headers?.get('idempotency-key')).toMatch(/^[\da-f-]{36}$/)
  expect(headers?.get('x-request-id')).toMatch(/^[\da-f-]{36}$/)
  expect(headers?.get('x-confirmar-duplicado')).toBeNull()
})

test('what the caller names is sent as it is', async () => {
  const { client, asked } = atGateway(sold)
  await client.sell(order, { key: 'caja-1-77', requestId: 'pos-9', confirmDuplicate: true })
  expect(Object.fromEntries(asked[0]?.headers ?? [])).toMatchObject({
    'idempotency-key': 'caja-1-77',
    'x-request-id': 'pos-9',
    'x-confirmar-duplicado': 'true',
  })
})

test.each<readonly [string, readonly [Reply, ...Reply[]], string]>([
  ['a lost answer', ['lost', sold], 'POST POST'],
  ['NOT_ACCEPTED', [notAccepted, notAccepted, sold], 'POST POST POST'],
  ['too many requests', [problem(429, 'TOO_MANY_REQUESTS'), sold], 'POST POST'],
  ['a proxy that has nobody behind it', [{ status: 502, retryAfter: 0 }, sold], 'POST POST'],
  ['an unclear answer that GET knows nothing of', [outcomeUnknown, absent, sold], 'POST GET POST'],
])('after %s the same key is sent again', async (_, replies, methods) => {
  const gateway = atGateway(...replies)
  expect(await gateway.client.sell(order)).toMatchObject({ kind: 'sold' })
  expect(gateway.methods()).toBe(methods)
  expect(gateway.keys().size).toBe(1)
})

test('an unclear answer is looked up, and nothing is sent again where the sale is known', async () => {
  const gateway = atGateway(outcomeUnknown, found('AUTORIZADA'))
  expect(await gateway.client.sell(order)).toMatchObject({ kind: 'sold' })
  expect(gateway.methods()).toBe('POST GET')
  expect(gateway.asked[1]?.path).toMatch(new RegExp(`^/recargas/cliente/${id}\\?wait=\\d+$`))
})

test('a held sale is asked for until it is settled', async () => {
  const gateway = atGateway(held, found('PENDIENTE'), problem(503, 'LEDGER_UNAVAILABLE'), {
    status: 200,
    body: {
      estado: 'RECHAZADA',
      codigo: 'CARRIER_REJECTED',
      motivo: 'La operadora rechazó la recarga.',
      id_transaccion: id,
    },
  })
  expect(await gateway.client.sell(order)).toMatchObject({
    kind: 'refused',
    code: 'CARRIER_REJECTED',
    message: 'La operadora rechazó la recarga.',
  })
  expect(gateway.methods()).toBe('POST GET GET GET')
})

test('a held sale is pending when the time is over', async () => {
  const gateway = atGateway(held, found('EN_REVISION'))
  expect(await gateway.client.sell(order)).toMatchObject({
    kind: 'pending',
    sale: { estado: 'EN_REVISION' },
  })
})

test('what the gateway could not accept for the whole time is refused: nothing took place', async () => {
  const gateway = atGateway(notAccepted)
  expect(await gateway.client.sell(order)).toMatchObject({ kind: 'refused', code: 'NOT_ACCEPTED' })
})

test.each([
  ['is turned away for its token', problem(401, 'TOKEN_INVALID')],
  ['is not accepted', notAccepted],
  ['is turned away after a restore', problem(503, 'SELLING_PAUSED')],
  ['is lost too', 'lost'],
] as const)('where an answer was lost, a repeat that %s proves nothing', async (_, reply) => {
  const gateway = atGateway('lost', reply)
  expect(await gateway.client.sell(order, { key: 'k1' })).toEqual({
    kind: 'unknown',
    key: 'k1',
    id: null,
  })
})

test("where an answer was lost, the operation's own refusal counts", async () => {
  const gateway = atGateway('lost', problem(422, 'CARRIER_REJECTED', { id_transaccion: id }))
  expect(await gateway.client.sell(order)).toMatchObject({ code: 'CARRIER_REJECTED' })
})

test.each([
  ['CARRIER_REJECTED', 422],
  ['CARRIER_UNAVAILABLE', 503],
  ['SELLING_PAUSED', 503],
  ['BUNDLE_PRICE_UNCONFIRMED', 503],
  ['INSUFFICIENT_FLOAT', 400],
  ['DUPLICATE_SUSPECTED', 409],
])('%s ends the press at once', async (code, status) => {
  const gateway = atGateway(problem(status, code, { id_transaccion: id }))
  expect(await gateway.client.sell(order)).toMatchObject({ kind: 'refused', code, status })
  expect(gateway.methods()).toBe('POST')
})

test('a look-up tells what is known, that nothing is, and that nobody answers', async () => {
  expect(await atGateway(found('AUTORIZADA')).client.lookUp(7)).toMatchObject({ kind: 'found' })
  expect(await atGateway(absent).client.lookUp(7)).toEqual({ kind: 'absent' })
  expect(await atGateway(problem(503, 'LEDGER_UNAVAILABLE')).client.lookUp(7)).toEqual({
    kind: 'unanswered',
    afterMs: 0,
  })
})
