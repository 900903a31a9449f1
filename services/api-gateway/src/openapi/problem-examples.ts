import {
  refusalCodes,
  saleReleaseReasons,
  type RefusalCode,
  type RefusalDetails,
} from '@recargas/contracts'
import { fieldProblem } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { problemTable, type ProblemCode } from '../api/problem-table.ts'
import { problemBody } from '../api/problem-body.ts'
import { problemsOf } from '../api/problems-of.ts'
import type { Route } from '../api/route.ts'
import { missingField, unknownField, wrongField } from '../api/wrong-fields.ts'
import { refusalProblem } from '../commands/refusal.ts'
import { outcomeUnknown } from '../commands/unpublished.ts'
import { releasedProblem } from '../sales/sale-body.ts'
import { cajaAtNoon, ids, on, sessionAtNoon } from './examples/day.ts'
import { topup } from './examples/day-sales.ts'

const at = Date.parse(on('12:01:00.000'))

/** Enough for the sentence of every code. */
export const exampleFacts = {
  operation: 'RequestTopup.v1',
  operator: 'Tigo',
  operators: 'Tigo, Entel',
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
  allowed: 'POST',
  bytesMax: 16_384,
  provider: '9',
  code: '024',
  id: 7,
  topupId: ids.topup,
  cajaId: 7,
  sessionId: 7,
  userId: 7,
  by: '8',
  state: 'AUTORIZADA',
  sessions: '7, 8',
  waiting: 18,
  seen: 17,
  scope: 'operacion',
  result: 'RECHAZADA',
  limit: 'number',
  of: 'count',
  max: 5,
}

/** The details of a refusal, as the ledger or the gateway sends them; amounts in minor units. */
const details: RefusalDetails = {
  operator: 'Tigo',
  operators: 'Tigo, Entel',
  help: 'Son 8 cifras, empieza con 6 o 7.',
  minimum: '0.1',
  maximum: '1000.00',
  step: '0.10',
  code: '024',
  price: 9_900,
  available: 8_950,
  pending: cajaAtNoon.incoming,
  balance: cajaAtNoon.balance,
  counted: 48_000,
  inDrawer: sessionAtNoon.opening,
  limit: 'number',
  of: 'count',
  max: 5,
  id: topup.id,
  topupId: topup.topupId,
  state: 'committed',
  by: '9',
  result: 'rejected',
}
/** Details of refusals that the common example does not fit. */
const otherDetails: Partial<Readonly<Record<ProblemCode, RefusalDetails>>> = {
  OPERATOR_NOT_REGISTERED: { operator: 'Entel' },
  OPERATOR_WITHOUT_BUNDLES: { operator: 'Entel' },
  BUNDLE_UNKNOWN: { code: '999' },
}
/** Things that a refusal does not find. */
const absent: RefusalDetails = { cajaId: 7, sessionId: 7, topupId: ids.unknown }

const wrongAmount = (code: ProblemCode, predicate: string): Problem =>
  fieldProblem(code, [wrongField('monto', predicate)])

/** Problems of an unparsable request, and those that name their subject. */
const made: Partial<Readonly<Record<ProblemCode, Problem>>> = {
  FIELD_MISSING: fieldProblem('FIELD_MISSING', [missingField('monto')]),
  FIELD_INVALID: fieldProblem('FIELD_INVALID', [
    wrongField('numero_cliente', 'debe ser un texto', 'debe ser un texto, entre comillas'),
    wrongField('monto', 'debe ser un número'),
  ]),
  FIELD_REPEATED: fieldProblem('FIELD_REPEATED', [
    wrongField('monto', 'se envió más de una vez', 'está repetido'),
  ]),
  FIELD_UNKNOWN: fieldProblem('FIELD_UNKNOWN', [unknownField('cantidad')]),
  QUERY_INVALID: fieldProblem('QUERY_INVALID', [unknownField('pagina')]),
  AMOUNT_NEGATIVE: wrongAmount('AMOUNT_NEGATIVE', 'no debe ser negativo'),
  AMOUNT_ZERO: wrongAmount('AMOUNT_ZERO', 'debe ser mayor que cero'),
  AMOUNT_TOO_PRECISE: wrongAmount('AMOUNT_TOO_PRECISE', 'tiene demasiados decimales'),
  AMOUNT_TOO_LARGE: wrongAmount('AMOUNT_TOO_LARGE', 'es demasiado grande'),
  USER_MISMATCH: new Problem('USER_MISMATCH', { field: 'id_usuario' }),
  OUTCOME_UNKNOWN: outcomeUnknown({
    kind: 'named',
    operationId: ids.refused,
    location: `/recargas/cliente/${ids.refused}`,
  }),
}

const isOneOf = <Code extends ProblemCode>(
  codes: readonly Code[],
  code: ProblemCode,
): code is Code => codes.some((known) => known === code)
type RefusedCode = RefusalCode | 'IDEMPOTENCY_KEY_REUSED'
const isRefusal = (code: ProblemCode): code is RefusedCode =>
  isOneOf(refusalCodes, code) || code === 'IDEMPOTENCY_KEY_REUSED'
const isOfAbsent = (code: ProblemCode): boolean =>
  code.endsWith('_NOT_FOUND') || code === 'TOPUP_UNKNOWN' || code === 'NO_ACTIVE_SESSION'

/** One example of every error, made as the gateway makes its answers, at a route that can answer it. */
export const problemExamples = (
  routes: readonly Route[],
): Readonly<Record<string, { readonly value: object }>> =>
  Object.fromEntries(
    (Object.keys(problemTable) as ProblemCode[]).map((code) => {
      const route = routeOf(code, routes)
      return [code, { value: problemBody(problemAt(code, route), pathOf(code, route), at) }]
    }),
  )

const problemAt = (code: ProblemCode, route: Route | undefined): Problem => {
  if (isOneOf(saleReleaseReasons, code) && !isOneOf(refusalCodes, code)) {
    return releasedProblem({
      ...topup,
      id: 4,
      topupId: ids.refused,
      state: 'released',
      releaseReason: code,
      ...(code === 'CARRIER_INVALID'
        ? { invalid: { field: 'destination_number', message: 'invalid destination number' } }
        : {}),
    })
  }
  const operation = route?.operation
  if (isRefusal(code) && operation !== undefined) {
    return refusalProblem({
      refusal: {
        code,
        details: {
          ...details,
          ...(isOfAbsent(code) ? absent : { cajaId: cajaAtNoon.id }),
          ...otherDetails[code],
        },
        currency: 'BOB',
      },
      operation: `${operation}.v1`,
      operationId: ids.refused,
    })
  }
  return made[code] ?? new Problem(code, exampleFacts)
}

/** A refusal is shown at the operation that is refused, anything else at the first route that can answer it. */
const routeOf = (code: ProblemCode, routes: readonly Route[]): Route | undefined => {
  const answering = routes.filter((route) => problemsOf(route).includes(code))
  const refused = isRefusal(code) ? answering.find((route) => route.operation) : undefined
  return refused ?? answering[0]
}

/** Only the errors of an unknown path, and of a method that a path lacks, belong to no route. */
const pathOf = (code: ProblemCode, route: Route | undefined): string =>
  route?.path.replace(':nombre', 'Tigo').replaceAll(/:\w+/g, isOfAbsent(code) ? '7' : '1') ??
  (code === 'METHOD_NOT_ALLOWED' ? '/recargas/cliente' : '/recarga')
