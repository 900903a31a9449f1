import { expect, test } from '@jest/globals'
import { refusalCodes } from '@recargas/contracts'
import { parseBody, parseQuery } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { problemTable } from '../api/problem-table.ts'
import { ProblemBody } from '../api/wire.ts'
import { problemsOf } from '../api/problems-of.ts'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { problemExamples } from './problem-examples.ts'

const routes = gatewayRoutes({ reads: {} } as GatewayDeps)
const examples = problemExamples(routes)
const exampleOf = (code: string) => ProblemBody.parse(examples[code]?.value)

test.each(Object.entries(problemTable))(
  '%s has an example that is one of its answers',
  (code, row) => {
    const body = exampleOf(code)
    expect(body).toMatchObject({ code, status: row.status, title: row.title })
    expect(JSON.stringify(body)).not.toMatch(/undefined|\?/)
    const answering = routes.filter((route) => problemsOf(route).some((known) => known === code))
    const paths = answering.map(({ path }) => new RegExp(`^${path.replaceAll(/:\w+/g, '\\w+')}$`))
    expect(answering.length === 0 || paths.some((path) => path.test(body.path))).toBe(true)
  },
)

test.each(refusalCodes)('%s names the operation that was refused', (code) => {
  expect(exampleOf(code).id_transaccion).toEqual(expect.any(String))
})

const membersOfCodes = Object.entries(ProblemBody.shape).flatMap(([member, schema]) =>
  [...(schema.description ?? '').matchAll(/^with ([A-Z_]+)/g)].map(([, code = '']) => [
    code,
    member,
  ]),
)

test('the schema of errors assigns each member to its codes', () => {
  expect(membersOfCodes.length).toBeGreaterThan(5)
})

test.each(membersOfCodes)('%s shows its %s', (code, member) => {
  expect(exampleOf(code)).toHaveProperty(member)
})

const sale = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
const sell = routes.find(({ method, path }) => `${method} ${path}` === 'post /recargas/cliente')

test.each([
  ['FIELD_MISSING', { ...sale, monto: undefined }],
  ['FIELD_INVALID', { ...sale, numero_cliente: 78_945_612, monto: 'diez' }],
  ['FIELD_UNKNOWN', { ...sale, cantidad: 1 }],
  ['AMOUNT_NEGATIVE', { ...sale, monto: -1 }],
  ['AMOUNT_ZERO', { ...sale, monto: 0 }],
  ['AMOUNT_TOO_PRECISE', { ...sale, monto: 10.555 }],
  ['AMOUNT_TOO_LARGE', { ...sale, monto: 1e15 }],
])('the example of %s says what a sale with that mistake is answered', (code, body) => {
  const { message, detail, campo } = exampleOf(code)
  const schema = sell?.contract.body
  if (schema === undefined) throw new Error('no route sells')
  expect(problemOf(() => parseBody(schema, body))).toEqual({ code, message, detail, campo })
})

test('the example of QUERY_INVALID shows the answer to an unknown parameter', () => {
  const { message, detail, campo } = exampleOf('QUERY_INVALID')
  const page = routes.find(({ path }) => path === '/recargas/revision')?.contract.query
  if (page === undefined) throw new Error('no such page')
  expect(problemOf(() => parseQuery(page, { pagina: '2' }))).toEqual({
    code: 'QUERY_INVALID',
    message,
    detail,
    campo,
  })
})

const problemOf = (parse: () => unknown) => {
  try {
    parse()
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    const { code, wording, detail, extra } = error
    return { code, message: wording, detail, campo: extra.members?.['campo'] }
  }
  throw new Error('it was parsed')
}
