import { releaseReasons } from '@recargas/contracts'
import { z } from 'zod'
import { SessionAnswer } from '../cash/session-body.ts'
import {
  audited,
  DecimalNumber,
  DecimalText,
  InstantText,
  UserOnWire,
  WireId,
} from '../api/wire.ts'
import { caseWords, decisionWords, stateWords, stepWords } from '../api/words.ts'

const StateWord = z.enum(Object.values(stateWords))

const topupFields = {
  ...audited,
  estado: StateWord,
  id: WireId,
  id_transaccion: z.uuid(),
  operadora: z.string(),
  paquete: z
    .strictObject({ proveedor: z.string(), codigo: z.string(), nombre: z.string() })
    .nullable()
    .meta({ description: 'the mobile package; null for a plain top-up' }),
  numero_cliente: z.string(),
  fecha_hora: InstantText,
  id_caja_sesion: WireId,
  codigo: z.enum(releaseReasons).nullable().meta({
    description: 'reason of a refusal, a stable code; null unless `estado` is RECHAZADA',
  }),
  motivo: z.string().optional().meta({
    description: 'the same for the cashier, a sentence to show; only where `estado` is RECHAZADA',
  }),
}

/** RecargaCliente as answers to one sale show it. */
export const TopupAnswer = z
  .strictObject({ ...topupFields, monto: DecimalNumber })
  .meta({ id: 'RecargaCliente' })

const AttemptAnswer = z
  .strictObject({
    intento: z.int().positive(),
    consulta: z
      .literal(true)
      .optional()
      .meta({ description: 'a question about an earlier attempt, no purchase' }),
    inicio: InstantText,
    fin: InstantText.nullable(),
    fila: z.int().nullable().meta({ description: 'row of the decision table that judged it' }),
    observado: z.string(),
    http: z.int().nullable(),
    estado_operador: z.string().nullable(),
    codigo_resultado: z.string().nullable(),
  })
  .meta({ id: 'Intento' })

const DecisionAnswer = z
  .strictObject({
    resultado: z.enum(Object.values(decisionWords)),
    evidencia: z.string(),
    nota: z.string(),
    usuario: UserOnWire,
    fecha: InstantText,
    confirmado_por: UserOnWire.nullable(),
    definitiva: z.boolean().meta({ description: 'false while a second Administrador is awaited' }),
  })
  .meta({ id: 'Decision' })

const StepAnswer = z
  .strictObject({
    fecha: InstantText,
    paso: z.enum(Object.values(stepWords)),
    usuario: UserOnWire.nullable(),
    intento: AttemptAnswer.optional(),
  })
  .meta({ id: 'PasoDeRecarga' })

const auditedFields = {
  ...topupFields,
  monto: DecimalNumber,
  intentos: z.array(AttemptAnswer),
  decision: DecisionAnswer.nullable(),
  historia: z.array(StepAnswer).optional(),
}
/** RecargaCliente for an Administrador. */
export const AuditedTopupAnswer = z
  .strictObject(auditedFields)
  .meta({ id: 'RecargaClienteAuditada' })

/** A decision that has not settled its sale yet; without the audited fields when the ledger could not be read again. */
export const ResolutionAnswer = z
  .strictObject({
    ...auditedFields,
    intentos: auditedFields.intentos.optional(),
    decision: auditedFields.decision.optional(),
    message: z.string(),
  })
  .meta({ id: 'DecisionRegistrada' })

/** RecargaCliente as the history lists it. */
export const TopupRowAnswer = z
  .strictObject({ ...topupFields, monto: DecimalText, caja_sesion: SessionAnswer.nullable() })
  .meta({ id: 'RecargaEnHistorial' })

export const CaseAnswer = z
  .strictObject({
    id: z.string(),
    tipo: z.enum(Object.values(caseWords)),
    monto: DecimalNumber.nullable(),
    fecha: InstantText,
    recarga: AuditedTopupAnswer.nullable(),
    diferencia: z
      .strictObject({
        unidades_proveedor: z.int().meta({ description: 'in the carrier’s own unit' }),
        desde: InstantText,
        hasta: InstantText,
        posibles: z.array(AuditedTopupAnswer),
      })
      .optional(),
    cierre: z
      .strictObject({
        por: z.string().meta({ description: 'name of the person who closed it' }),
        fecha: InstantText,
        motivo: z.string().meta({ description: 'explanation, in that person’s words' }),
      })
      .nullable()
      .meta({ description: 'null while it is open' }),
  })
  .meta({ id: 'Incidencia' })
