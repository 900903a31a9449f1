import {
  assertNever,
  formatDecimal,
  toDecimalNumber,
  type AttemptSummary,
  type Bundle,
  type DecisionView,
  type ReleaseReason,
  type SessionView,
  type TimelineEntry,
  type TopupView,
} from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import { problemTable } from '../api/problem-table.ts'
import { userIdOnWire } from '../api/users.ts'
import { decisionWords, stateWords, stepWords } from '../api/words.ts'
import { sessionRow } from '../cash/session-body.ts'

/** RecargaCliente as answers to one sale show it: `monto` is a number. */
export const topupBody = (topup: TopupView) => ({
  estado: stateWords[topup.state],
  ...rest(topup),
  monto: toDecimalNumber(topup.amount, topup.currency),
  ...notSold(topup),
})

/** The reason of a released sale: a stable code for programs, the cashier's sentence for the screen. */
const notSold = (topup: TopupView) =>
  topup.releaseReason === undefined
    ? { codigo: null }
    : {
        codigo: topup.releaseReason,
        motivo: problemTable[topup.releaseReason].message(factsOf(topup)),
      }

/** RecargaCliente for an Administrador, with every call to the carrier, a person's decision and all that happened. */
export const auditedTopupBody = (topup: TopupView) => ({
  ...topupBody(topup),
  intentos: (topup.attempts ?? []).map(attemptBody),
  decision: topup.decision === undefined ? null : decisionBody(topup.decision),
  // A timeline that was not requested is left out.
  ...(topup.timeline === undefined ? {} : { historia: topup.timeline.map(stepBody) }),
})

/** RecargaCliente as the history lists it: `monto` is a two-decimal string and its session comes along. */
export const topupRow = (topup: TopupView, session: SessionView | undefined) => ({
  ...topupBody(topup),
  monto: formatDecimal(topup.amount, topup.currency),
  caja_sesion: session === undefined ? null : sessionRow(session),
})

const rest = (topup: TopupView) => ({
  id_user_create: userIdOnWire(topup.userId),
  id_user_update: null,
  created_at: topup.requestedAt,
  updated_at: topup.updatedAt,
  id: topup.id,
  id_transaccion: topup.topupId,
  operadora: topup.operator,
  paquete: topup.bundle === undefined ? null : bundleBody(topup.bundle),
  numero_cliente: topup.number,
  fecha_hora: topup.requestedAt,
  id_caja_sesion: topup.sessionId,
})

const bundleBody = ({ provider, code, name }: Bundle) => ({
  proveedor: provider,
  codigo: code,
  nombre: name,
})

const attemptBody = (attempt: AttemptSummary) => ({
  intento: attempt.attempt,
  // A lookup asks about an earlier attempt and buys nothing.
  ...(attempt.lookup === undefined ? {} : { consulta: true }),
  inicio: attempt.startedAt,
  fin: attempt.endedAt ?? null,
  fila: attempt.row ?? null,
  observado: attempt.observed,
  http: attempt.httpStatus ?? null,
  estado_operador: attempt.carrierStatus ?? null,
  codigo_resultado: attempt.resultCode ?? null,
})

const decisionBody = (decision: DecisionView) => ({
  resultado: decisionWords[decision.result],
  evidencia: decision.evidence,
  nota: decision.note,
  usuario: userIdOnWire(decision.by),
  fecha: decision.at,
  confirmado_por: decision.confirmedBy === null ? null : userIdOnWire(decision.confirmedBy),
  definitiva: decision.isFinal,
})

const stepBody = ({ at, step, by, attempt }: TimelineEntry) => ({
  fecha: at,
  paso: stepWords[step],
  usuario: by === undefined ? null : userIdOnWire(by),
  ...(attempt === undefined ? {} : { intento: attemptBody(attempt) }),
})

/** The problem that answers the waiting caller of a released sale. */
export const releasedProblem = (topup: TopupView): Problem => {
  const code: ReleaseReason = topup.releaseReason ?? 'CARRIER_REJECTED'
  return new Problem(code, factsOf(topup), {
    members: {
      id: topup.id,
      id_transaccion: topup.topupId,
      estado: stateWords.released,
      ...(topup.invalid === undefined ? {} : { error_message: topup.invalid.message ?? null }),
    },
  })
}

/** Fields of the carrier's request by the POS's fields that fill them. */
const fieldOfCarrier: ReadonlyMap<string, string> = new Map([
  ['destination_number', 'numero_cliente'],
  ['amount', 'monto'],
  ['service_provider', 'operadora'],
  ['provider_code', 'operadora'],
  ['package_code', 'codigo_paquete'],
])

/** Facts for the sentence of a sale that was not sold. */
export const factsOf = ({ operator, invalid, bundle }: TopupView) => {
  const field = fieldOfCarrier.get(invalid?.field ?? '')
  return {
    operation: bundle === undefined ? 'RequestTopup.v1' : 'RequestBundle.v1',
    operator,
    ...(field === undefined ? {} : { field }),
    ...(invalid?.field === undefined ? {} : { carrierField: invalid.field }),
  }
}

export const topupLocation = (operationId: string): string => `/recargas/cliente/${operationId}`
export const bundleLocation = (operationId: string): string => `/paquetes/compra/${operationId}`

/** The answer to a sale: 201 sold, 202 still under way. Throws {@link Problem} when it was not sold. */
export const saleReply = (topup: TopupView) => {
  const locationOf = topup.bundle === undefined ? topupLocation : bundleLocation
  switch (topup.state) {
    case 'committed':
      return { status: 201, body: topupBody(topup) } as const
    case 'reserved':
    case 'in-review':
      return {
        status: 202,
        body: topupBody(topup),
        headers: { location: locationOf(topup.topupId), 'retry-after': '3' },
      } as const
    case 'released':
      throw releasedProblem(topup)
    default:
      return assertNever(topup.state)
  }
}
