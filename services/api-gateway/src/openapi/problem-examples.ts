import { Problem } from '../edge/problem.ts'
import { problemTable, type ProblemCode } from '../edge/problem-table.ts'
import { problemBody } from '../edge/problem-body.ts'
import { problemsOf } from '../edge/problems-of.ts'
import type { Route } from '../edge/route.ts'

const at = Date.parse('2026-01-05T12:00:00.000Z')
const operationId = '01890a5d-ac96-774b-bcce-b302099a8057'

/** Enough for the sentence of every code. */
export const exampleFacts = {
  operation: 'RequestTopup.v1',
  operator: 'Tigo',
  operators: 'Tigo, Entel, Viva',
  help: 'Son 8 cifras, empieza con 6 o 7.',
  minimum: 0.1,
  maximum: '1000.00',
  step: '0.10',
  available: '89.50',
  availableShort: 89.5,
  symbol: 'Bs.',
  pending: '5.10',
  price: '99.00',
  header: 'X-Confirmar-Duplicado',
  expected: 'true o false',
  route: 'POST /recarga',
  allowed: 'GET, HEAD',
  bytesMax: 16_384,
  provider: '3',
  code: '024',
  id: 7,
  topupId: operationId,
  cajaId: 7,
  sessionId: 7,
  userId: '2',
  by: '8',
  state: 'AUTORIZADA',
  result: 'RECHAZADA',
  limit: 'number',
  of: 'count',
  max: 5,
}

const members: Partial<Readonly<Record<ProblemCode, object>>> = {
  DUPLICATE_SUSPECTED: {
    operacion_anterior: { id: 7, id_transaccion: operationId, estado: 'AUTORIZADA' },
  },
  BUNDLE_PRICE_CHANGED: { precio: 99 },
}

/** One example of every error, made as the gateway makes its answers, at the first route that can answer it. */
export const problemExamples = (
  routes: readonly Route[],
): Readonly<Record<string, { readonly value: object }>> =>
  Object.fromEntries(
    (Object.keys(problemTable) as ProblemCode[]).map((code) => {
      const problem = new Problem(code, exampleFacts, { members: { ...members[code] } })
      return [code, { value: problemBody(problem, pathOf(code, routes), at) }]
    }),
  )

/** Of no route are only the errors that say that there is none. */
const pathOf = (code: ProblemCode, routes: readonly Route[]): string =>
  routes
    .find((route) => problemsOf(route).includes(code))
    ?.path.replace(':nombre', 'Tigo')
    .replaceAll(/:\w+/g, '7') ?? '/recarga'
