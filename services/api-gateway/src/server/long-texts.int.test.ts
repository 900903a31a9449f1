import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { asOperation, startEdge } from '../testing/edge.ts'
import { aSession, operationId, settledEvent } from '../testing/samples.ts'
import { aToken } from '../testing/token.ts'

const long = 'x'.repeat(10_000)
/** Within the longest address. */
const longInAddress = 'x'.repeat(1_900)
/** The longest answer to a text of that length: it may be named, never repeated. */
const answerLengthMax = 2_500

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  edge.published.length = 0
  edge.fakes.historyQueries.length = 0
  edge.fakes.bundlesAsked.length = 0
  edge.fakes.asked = null
  edge.fakes.session = aSession()
})

type Answer = Awaited<ReturnType<typeof edge.send>>

const expectRefused = (answer: Answer, status: number, code: string): void => {
  expect([answer.status, answer.body['code']]).toEqual([status, code])
  expect(answer.text.length).toBeLessThan(answerLengthMax)
  expect(edge.published).toEqual([])
  expect([edge.fakes.historyQueries, edge.fakes.bundlesAsked, edge.fakes.asked]).toEqual([
    [],
    [],
    null,
  ])
}

const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const sellAs = (claims: Parameters<typeof aToken>[0]): Promise<Answer> =>
  edge.post('/recargas/cliente', sale, {
    authorization: `Bearer ${aToken(claims)}`,
    'idempotency-key': 'k-1',
  })

describe('a name of 10,000 characters', () => {
  test.each(['sub', 'username', 'merchant', 'roleName', 'jti', 'iss'])(
    'in the claim %s makes a token that is not valid',
    async (claim) => {
      expectRefused(await sellAs({ [claim]: long }), 401, 'TOKEN_INVALID')
    },
  )

  test.each(['idempotency-key', 'x-confirmar-duplicado'])(
    'in the header %s is a 400',
    async (header) => {
      const code = header === 'idempotency-key' ? 'IDEMPOTENCY_KEY_INVALID' : 'HEADER_INVALID'
      const answer = await edge.post('/recargas/cliente', sale, { [header]: long })
      expectRefused(answer, 400, code)
    },
  )

  test('of a field that there is not is shown short', async () => {
    const answer = await edge.post('/recargas/cliente', { ...sale, [long]: 1 })
    expectRefused(answer, 400, 'FIELD_UNKNOWN')
    expect(answer.body['campo']).toBe(`${long.slice(0, 60)}…`)
  })

  test.each(['/recargas/cliente/:id', '/cajas/:id', '/paquetes/compra/:id'])(
    'in the path %s is an address without end',
    async (path) => {
      const answer = await edge.get(path.replace(':id', long), asOperation)
      expectRefused(answer, 400, 'URL_TOO_LONG')
    },
  )
})

test.each(['sub', 'merchant', 'roleName', 'jti'])(
  'a token that is short enough to be read is not valid by its long claim %s',
  async (claim) => {
    expectRefused(await sellAs({ [claim]: 'x'.repeat(4_000) }), 401, 'TOKEN_INVALID')
  },
)

test('the name in a token is only shown: a long one is cut, and its holder sells', async () => {
  edge.fakes.ledger = (serialized) => settledEvent(serialized, Date.now())
  const answer = await sellAs({ username: 'x'.repeat(4_000) })
  expect(answer.status).toBe(201)
  expect(edge.published[0]?.command.data).toMatchObject({ actor: { username: 'x'.repeat(120) } })
})

const routes = gatewayRoutes({ reads: {} } as GatewayDeps)
const pathOf = (path: string): string =>
  path.replace(/:\w+/, path.startsWith('/cajas') ? '1' : operationId)

const bodyFields = routes.flatMap(({ method, path, contract: { body } }) =>
  Object.keys(body?.shape ?? {}).map((field) => ({ method: method.toUpperCase(), path, field })),
)
const parameters = routes.flatMap(({ path, contract: { query } }) =>
  Object.keys(query?.shape ?? {}).map((parameter) => ({ path, parameter })),
)

test('fields and parameters are found', () => {
  expect(bodyFields.length).toBeGreaterThan(30)
  expect(parameters.length).toBeGreaterThan(20)
})

describe('10,000 characters are refused', () => {
  test.each(bodyFields)('in $method $path as $field', async ({ method, path, field }) => {
    const answer = await edge.send(method, pathOf(path), { [field]: long }, asOperation)
    expect(answer.status).toBe(400)
    expect(answer.text.length).toBeLessThan(answerLengthMax)
    expect(edge.published).toEqual([])
    // The other fields are missing: the detail must report this one as present and wrong.
    const wrong = String(answer.body['detail'])
    expect(wrong).toMatch(new RegExp(`(^| )${field}: `))
  })

  test.each(parameters)('in $path as the parameter $parameter', async ({ path, parameter }) => {
    const ask = (text: string) => edge.get(`${pathOf(path)}?${parameter}=${text}`, asOperation)
    expectRefused(await ask(long), 400, 'URL_TOO_LONG')
    expectRefused(await ask(longInAddress), 400, 'QUERY_INVALID')
  })
})
