import { afterEach, describe, expect, test } from '@jest/globals'
import { startEdge } from '../testing/edge.ts'
import { aToken } from '../testing/token.ts'

type Edge = Awaited<ReturnType<typeof startEdge>>
type Sent = {
  readonly path?: string
  readonly method?: string
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}
type Place = {
  readonly rates?: {
    readonly windowMs: number
    readonly subjectMax: number
    readonly addressMax: number
  }
  readonly before?: (edge: Edge) => unknown
  readonly sent?: Sent
  /** The code without a key, and with one. */
  readonly codes: readonly [string, string]
}

const wide = { windowMs: 600_000, subjectMax: 1_000, addressMax: 1_000 }
const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const as = (claims: Parameters<typeof aToken>[0]) => ({
  authorization: `Bearer ${aToken(claims)}`,
})
const both = (code: string): readonly [string, string] => [code, code]

/** Every point at which a request ends before the ledger has it. */
const places: Readonly<Record<string, Place>> = {
  'too many wait': {
    before: ({ fakes }) => (fakes.waitingMax = 0),
    codes: ['503 NOT_ACCEPTED', '503 OUTCOME_UNKNOWN'],
  },
  'the process ends': {
    before: ({ stop }) => stop(),
    codes: ['503 NOT_ACCEPTED', '503 OUTCOME_UNKNOWN'],
  },
  'broker or ledger is away': {
    before: ({ fakes }) => (fakes.isReady = false),
    codes: ['503 NOT_ACCEPTED', '503 OUTCOME_UNKNOWN'],
  },
  'the namespace is not known yet': {
    before: ({ fakes }) => (fakes.namespace = null),
    codes: ['503 NOT_ACCEPTED', '503 NOT_READY'],
  },
  'no token can be verified yet': {
    before: ({ fakes }) => (fakes.hasTokenKeys = false),
    codes: ['503 NOT_ACCEPTED', '503 NOT_READY'],
  },
  'a person asks too often': {
    rates: { ...wide, subjectMax: 1 },
    before: ({ get }) => get('/operadoras'),
    codes: both('429 TOO_MANY_REQUESTS'),
  },
  'an address asks too often': {
    rates: { ...wide, addressMax: 1 },
    before: ({ get }) => get('/operadoras'),
    codes: both('429 TOO_MANY_REQUESTS'),
  },
  'the token is missing': {
    sent: { headers: { authorization: '' } },
    codes: both('401 TOKEN_MISSING'),
  },
  'the token is over': {
    sent: { headers: as({ exp: 1 }) },
    codes: both('401 TOKEN_INVALID'),
  },
  'the role may not sell': {
    sent: { headers: as({ roleName: 'Usuario', roleId: 3 }) },
    codes: both('403 FORBIDDEN'),
  },
  'the body is too large': {
    sent: { body: { ...sale, more: 'a'.repeat(20_000) } },
    codes: both('413 BODY_TOO_LARGE'),
  },
  'the body is of another type': {
    sent: { headers: { 'content-type': 'text/plain' } },
    codes: both('415 UNSUPPORTED_MEDIA_TYPE'),
  },
  'the body is broken': { sent: { body: '{' }, codes: both('400 JSON_BROKEN') },
  'a field is unknown': {
    sent: { body: { ...sale, propina: 1 } },
    codes: both('400 FIELD_UNKNOWN'),
  },
  'a header is wrong': {
    sent: { headers: { 'x-confirmar-duplicado': 'maybe' } },
    codes: both('400 HEADER_INVALID'),
  },
  'the address is too long': {
    sent: { path: `/recargas/cliente?q=${'a'.repeat(3_000)}` },
    codes: both('400 URL_TOO_LONG'),
  },
  'the route is unknown': { sent: { path: '/recargas' }, codes: both('404 ROUTE_NOT_FOUND') },
  'the method is wrong': { sent: { method: 'PATCH' }, codes: both('405 METHOD_NOT_ALLOWED') },
}

let edge: Edge
afterEach(() => edge.close())

const press = async ({ rates, before, sent = {} }: Place, key: Record<string, string>) => {
  edge = await startEdge(rates === undefined ? {} : { rates })
  await before?.(edge)
  const { method = 'POST', path = '/recargas/cliente', body = sale, headers = {} } = sent
  const answer = await edge.send(method, path, body, { ...headers, ...key })
  expect(edge.published).toEqual([])
  return { ...answer, documented: `${answer.status} ${String(answer.body['code'])}` }
}
const denial = /\bno se (realizó|vendió|hizo|registró)/i

describe.each(Object.entries(places))('where %s', (_, place) => {
  test('a press without a key is answered at once, with when to come back where that helps', async () => {
    const answer = await press(place, {})
    expect(answer.documented).toBe(place.codes[0])
    expect(answer.headers.has('retry-after')).toBe([429, 503].includes(answer.status))
    expect(answer.body).not.toHaveProperty('id_transaccion')
    // Nothing was published and nothing will be: only then may the answer deny the sale, and only then can the cashier just
    // press again.
    const isDenied = ['503 NOT_ACCEPTED', '429 TOO_MANY_REQUESTS'].includes(answer.documented)
    expect(denial.test(String(answer.body['message']))).toBe(isDenied)
  })

  test('a press with a key is not told that nothing took place', async () => {
    const answer = await press(place, { 'idempotency-key': 'earlier' })
    expect(answer.documented).toBe(place.codes[1])
    expect(answer.headers.has('retry-after')).toBe([429, 503].includes(answer.status))
    expect(answer.text).not.toMatch(denial)
    if (answer.documented !== '503 OUTCOME_UNKNOWN') return
    expect(answer.headers.get('location')).toBe(
      `/recargas/cliente/${String(answer.body['id_transaccion'])}`,
    )
  })
})

test('a read while no token can be verified denies nothing of the sale it asks about', async () => {
  edge = await startEdge()
  edge.fakes.hasTokenKeys = false
  const answer = await edge.get('/recargas/cliente/7')
  expect([answer.status, answer.body['code']]).toEqual([503, 'NOT_READY'])
})
