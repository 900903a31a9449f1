import type { ReleaseReason } from '@recargas/contracts'
import { labelOf } from './field-labels.ts'
import { callAdministrator, capitalized, saleWords, type Facts, type Row } from './problem-row.ts'

type CarrierCode = Extract<ReleaseReason, `CARRIER_${string}` | 'RESOLVED_AS_REJECTED'>

const notSold = (facts: Facts): string => `${capitalized(saleWords(facts).thing)} no se vendió`

/** Problems of a sale that its carrier, or a person in its place, ended without selling. */
export const carrierProblems: Readonly<Record<CarrierCode, Row>> = {
  CARRIER_REJECTED: {
    status: 422,
    title: 'Venta rechazada',
    message: (facts) =>
      `La operadora rechazó ${saleWords(facts).thing}. No se vendió; devuelva el dinero al cliente.`,
  },
  CARRIER_INVALID: {
    status: 422,
    title: 'Datos rechazados por la operadora',
    message: (facts) => {
      const { field } = facts
      const refused = field === undefined ? 'los datos' : labelOf(String(field))
      return `La operadora no aceptó ${refused}. ${notSold(facts)}; devuelva el dinero al cliente.`
    },
    detail: ({ field, carrierField }) =>
      `El proveedor no aceptó ${field ?? carrierField ?? 'los datos'}; sus palabras están en error_message.`,
    field: ({ field }) => (field === undefined ? undefined : String(field)),
  },
  CARRIER_UNAVAILABLE: {
    status: 503,
    title: 'Operadora no disponible',
    message: (facts) =>
      `El proveedor de ${saleWords(facts).plural} no está disponible. ${notSold(facts)}; intente más tarde.`,
    retryAfterSeconds: 5,
  },
  // The carrier refuses our own credentials; never a 401 of ours.
  CARRIER_MISCONFIGURED: {
    status: 503,
    title: 'Proveedor mal configurado',
    message: (facts) =>
      `El proveedor de ${saleWords(facts).plural} no está configurado correctamente. ${notSold(facts)}; ${callAdministrator}.`,
    retryAfterSeconds: 60,
  },
  RESOLVED_AS_REJECTED: {
    status: 422,
    title: 'Venta resuelta como rechazada',
    message: (facts) => {
      const { thing, ending } = saleWords(facts)
      return `Un administrador resolvió ${thing} como rechazad${ending}. No se vendió; devuelva el dinero al cliente.`
    },
  },
}
