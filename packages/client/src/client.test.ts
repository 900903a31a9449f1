import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { createRecargasClient, type ClientOptions } from './client.ts'
import { isNotSent } from './not-sent.ts'

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
const notReady = problem(503, 'NOT_READY')
const paused = problem(503, 'SELLING_PAUSED', { id_transaccion: id })
const outcomeUnknown = problem(503, 'OUTCOME_UNKNOWN', { id_transaccion: id })

/** The client's clock: each request takes 10 ms of it, and a machine that stalls takes none. */
let nowMs = 0
const requestMs = 10
beforeEach(() => {
  nowMs = 0
  jest.spyOn(performance, 'now').mockImplementation(() => nowMs)
})
afterEach(() => void jest.restoreAllMocks())

/** A client at a gateway that answers so, in turn; the last answer stays. */
const atGateway = (...replies: readonly [Reply, ...Reply[]]) => atGatewayWith({}, ...replies)
const atGatewayWith = (
  options: Pick<ClientOptions, 'storage'>,
  ...replies: readonly [Reply, ...Reply[]]
) => {
  const asked: { readonly method: string; readonly path: string; readonly headers: Headers }[] = []
  const client = createRecargasClient({
    ...options,
    baseUrl: 'http://gateway.test',
    token: () => Promise.resolve('a-token'),
    limits: { giveUpAfterMs: 200, pauseMsMax: 5 },
    fetch: ({ method, url, headers }) => {
      const { pathname, search } = new URL(url)
      asked.push({ method, path: pathname + search, headers })
      nowMs += requestMs
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

test('sends the caller’s fields unchanged', async () => {
  const { client, asked } = atGateway(sold)
  await client.sell(order, { key: 'caja-1-77', requestId: 'pos-9', confirmDuplicate: true })
  expect(Object.fromEntries(asked[0]?.headers ?? [])).toMatchObject({
    'idempotency-key': 'caja-1-77',
    'x-request-id': 'pos-9',
    'x-confirmar-duplicado': 'true',
  })
})

/** Text that outlives a terminal's program. */
const aStorage = (text: string | null = null) => {
  const kept = new Map<string, string>()
  return {
    getItem: (name: string) => kept.get(name) ?? text,
    setItem: (name: string, value: string) => void kept.set(name, value),
  }
}
const confirmations = ({ asked }: ReturnType<typeof atGateway>) =>
  asked.map(({ headers }) => headers.get('x-confirmar-duplicado'))

test('every repeat of a confirmed press confirms again, also after a restart of the terminal', async () => {
  const storage = aStorage()
  const suspected = problem(409, 'DUPLICATE_SUSPECTED', { id_transaccion: id })
  const before = atGatewayWith({ storage }, suspected, 'lost', { status: 502 })
  expect(await before.client.sell(order, { key: 'caja-1-77' })).toMatchObject({ kind: 'refused' })
  await before.client.sell(order, { key: 'caja-1-77', confirmDuplicate: true })
  expect(confirmations(before).slice(0, 3)).toEqual([null, 'true', 'true'])

  const after = atGatewayWith({ storage }, sold)
  await after.client.sell(order, { key: 'caja-1-77' })
  await after.client.buyBundle({ ...order, codigo_paquete: '024' }, { key: 'caja-1-77' })
  await after.client.sell(order, { key: 'caja-1-78' })
  expect(confirmations(after)).toEqual(['true', 'true', null])
})

test.each(['', '{', 'null', '{"a":1}', '[1,null]'])(
  'a storage that holds %j is taken for an empty one',
  async (text) => {
    const gateway = atGatewayWith({ storage: aStorage(text) }, sold)
    expect(await gateway.client.sell(order, { key: 'k' })).toMatchObject({ kind: 'sold' })
    expect(confirmations(gateway)).toEqual([null])
  },
)

test('a confirmed press that got lost is not answered by the suspicion before it, but sent again', async () => {
  const suspected = problem(409, 'DUPLICATE_SUSPECTED', { id_transaccion: id })
  const gateway = atGateway(outcomeUnknown, suspected, sold)
  expect(await gateway.client.sell(order, { confirmDuplicate: true })).toMatchObject({
    kind: 'sold',
  })
  expect(gateway.methods()).toBe('POST GET POST')
})

test.each<readonly [string, readonly [Reply, ...Reply[]], string]>([
  ['a lost answer', ['lost', sold], 'POST POST'],
  ['NOT_ACCEPTED', [notAccepted, notAccepted, sold], 'POST POST POST'],
  ['NOT_READY', [notReady, notReady, sold], 'POST POST POST'],
  ['a pause of the sales', [paused, absent, sold], 'POST GET POST'],
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

test('a bundle that was not sold, without a reason, is not called a recarga', async () => {
  const body = { estado: 'RECHAZADA', id_transaccion: id }
  const gateway = atGateway({ status: 201, body })
  const outcome = await gateway.client.buyBundle({ ...order, codigo_paquete: '024' })
  expect(outcome).toMatchObject({ kind: 'refused', message: 'La venta no se realizó.' })
})

test('a held sale is pending when the time is over', async () => {
  const gateway = atGateway(held, found('EN_REVISION'))
  expect(await gateway.client.sell(order)).toMatchObject({
    kind: 'pending',
    sale: { estado: 'EN_REVISION' },
  })
})

test('a sale that the gateway could not accept for the whole time is refused: nothing took place', async () => {
  const gateway = atGateway(notAccepted)
  expect(await gateway.client.sell(order)).toMatchObject({ kind: 'refused', code: 'NOT_ACCEPTED' })
})

test.each([
  ['is turned away for its token', problem(401, 'TOKEN_INVALID')],
  ['is not accepted', notAccepted],
  ['is turned away after a restore', problem(503, 'SELLING_PAUSED')],
  ['meets a gateway that is not ready', notReady],
  ['is lost too', 'lost'],
] as const)('where an answer was lost, a repeat that %s proves nothing', async (_, reply) => {
  const gateway = atGateway('lost', reply)
  expect(await gateway.client.sell(order, { key: 'k1' })).toEqual({
    kind: 'unknown',
    key: 'k1',
    id: null,
    cause: expect.any(Error),
  })
})

test('an unknown outcome has its causes: the last answer, and the failures before it', async () => {
  const gateway = atGateway('lost', problem(401, 'TOKEN_INVALID'))
  expect(await gateway.client.sell(order)).toMatchObject({
    kind: 'unknown',
    cause: {
      message: 'the gateway answered 401 TOKEN_INVALID',
      cause: { message: 'fetch failed' },
    },
  })
})

const failing = (code: string, syscall: string) =>
  Object.assign(new TypeError('fetch failed'), {
    cause: Object.assign(new Error(`${syscall} ${code}`), { code, syscall }),
  })
const bothAddresses = Object.assign(new TypeError('fetch failed'), {
  cause: new AggregateError([
    Object.assign(new Error('v6'), { code: 'ECONNREFUSED', syscall: 'connect' }),
    Object.assign(new Error('v4'), { code: 'ECONNREFUSED', syscall: 'connect' }),
  ]),
})
const atFetch = (fetch: () => Promise<Response>, token: unknown = 'a-token') =>
  createRecargasClient({
    baseUrl: 'http://gateway.test',
    token: token as string,
    limits: { giveUpAfterMs: 50, pauseMsMax: 5 },
    fetch: () => {
      nowMs += requestMs
      return fetch()
    },
  })

describe('a press of which nothing was sent is an error with its cause', () => {
  test.each([
    ['a refused connection', failing('ECONNREFUSED', 'connect')],
    ['one refused at each address', bothAddresses],
    ['a name that nobody knows', failing('ENOTFOUND', 'getaddrinfo')],
    ['a certificate of somebody else', failing('ERR_TLS_CERT_ALTNAME_INVALID', '')],
  ])('%s, after the time in which the gateway might have come back', async (_, error) => {
    let asked = 0
    const client = atFetch(() => {
      asked += 1
      return Promise.reject(error)
    })
    const thrown: unknown = await client.sell(order).catch((reason: unknown) => reason)
    expect(isNotSent(thrown)).toBe(true)
    expect(thrown).toMatchObject({ code: 'NOT_SENT', cause: error })
    expect(asked).toBeGreaterThan(1)
  })

  test.each([
    ['no token', null],
    ['an empty one', ''],
    ['one that cannot be had', () => Promise.reject(new Error('logged out'))],
  ])('%s, at once', async (_, token) => {
    const client = atFetch(() => Promise.reject(new Error('must not be asked')), token)
    const thrown: unknown = await client.sell(order).catch((reason: unknown) => reason)
    expect(thrown).toMatchObject({ code: 'NOT_SENT', message: expect.stringContaining('token') })
  })

  test('but a request that may have left proves nothing: a reset, a time-out, a browser without a cause', async () => {
    for (const error of [
      failing('ECONNRESET', 'read'),
      new DOMException('timed out', 'TimeoutError'),
      new TypeError('Failed to fetch'),
    ]) {
      expect(await atFetch(() => Promise.reject(error)).sell(order)).toMatchObject({
        kind: 'unknown',
        cause: error,
      })
    }
  })

  test('and a connection that is refused after a lost answer leaves it unknown', async () => {
    const errors = [failing('ECONNRESET', 'read')]
    const client = atFetch(() =>
      Promise.reject(errors.shift() ?? failing('ECONNREFUSED', 'connect')),
    )
    expect(await client.sell(order)).toMatchObject({ kind: 'unknown' })
  })

  test('the runtime itself reports a port without a listener', async () => {
    jest.restoreAllMocks()
    const server = createServer()
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const { port } = server.address() as AddressInfo
    await once(server.close(), 'close')
    const client = createRecargasClient({
      baseUrl: `http://127.0.0.1:${port}`,
      token: 'a-token',
      limits: { giveUpAfterMs: 20, pauseMsMax: 5 },
    })
    await expect(client.sell(order)).rejects.toMatchObject({ code: 'NOT_SENT' })
  })
})

test('a sale that may have been made before a restore is unknown while sales are paused', async () => {
  const gateway = atGateway(paused, absent, paused, absent)
  expect(await gateway.client.sell(order, { key: 'k1' })).toMatchObject({ kind: 'unknown', id })
})

test.each([
  ['NOT_READY', notReady],
  ['too many requests', problem(429, 'TOO_MANY_REQUESTS')],
])('%s says nothing of a key that was kept from an earlier press', async (_, reply) => {
  expect(await atGateway(reply).client.sell(order)).toMatchObject({ kind: 'refused' })
  expect(await atGateway(reply).client.sell(order, { key: 'k1' })).toMatchObject({
    kind: 'unknown',
    key: 'k1',
  })
})

test("the operation's own refusal counts after a lost answer", async () => {
  const gateway = atGateway('lost', problem(422, 'CARRIER_REJECTED', { id_transaccion: id }))
  expect(await gateway.client.sell(order)).toMatchObject({ code: 'CARRIER_REJECTED' })
})

test.each([
  ['CARRIER_REJECTED', 422],
  ['CARRIER_UNAVAILABLE', 503],
  ['BUNDLE_PRICE_UNCONFIRMED', 503],
  ['INSUFFICIENT_FLOAT', 400],
  ['DUPLICATE_SUSPECTED', 409],
])('%s ends the press at once', async (code, status) => {
  const gateway = atGateway(problem(status, code, { id_transaccion: id }))
  expect(await gateway.client.sell(order)).toMatchObject({ kind: 'refused', code, status })
  expect(gateway.methods()).toBe('POST')
})

test('a look-up distinguishes a known sale, an unknown sale and no answer', async () => {
  expect(await atGateway(found('AUTORIZADA')).client.lookUp(7)).toMatchObject({ kind: 'found' })
  expect(await atGateway(absent).client.lookUp(7)).toEqual({ kind: 'absent' })
  expect(await atGateway(problem(503, 'LEDGER_UNAVAILABLE')).client.lookUp(7)).toEqual({
    kind: 'unanswered',
    afterMs: 0,
  })
})
