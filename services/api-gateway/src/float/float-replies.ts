import { Currency } from '@recargas/contracts'
import { z } from 'zod'
import { SessionAnswer } from '../cash/session-body.ts'
import { audited, DecimalNumber, DecimalText, InstantText, offered, WireId } from '../api/wire.ts'

const PackagesAnswer = z
  .strictObject({ proveedor: z.string(), ...offered })
  .nullable()
  .meta({ description: 'the operator’s mobile packages; null where the shop sells none' })

export const FloatAnswer = z
  .strictObject({
    ...audited,
    estado: z.literal(true),
    id: WireId,
    nombre_operadora: z.string(),
    saldo_actual: DecimalText.meta({ description: 'amount available for sales' }),
    saldo_reservado: DecimalText.meta({ description: 'held by sales under way' }),
    saldo_bajo: z.boolean().meta({
      description:
        'it lasts too short at its pace, or holds too little, by the limits of the ledger',
    }),
    autonomia_minutos: z.int().nonnegative().nullable().meta({
      description: 'minutes that it lasts at the pace of the last hour; null without sales',
    }),
    ...offered,
    paquetes: PackagesAnswer,
  })
  .meta({ id: 'OperadoraSaldo' })

export const OperatorAnswer = z
  .strictObject({
    nombre: z.string(),
    proveedor: z.string(),
    slug: z.string(),
    patron_numero: z.string().meta({ description: 'a phone number must match it whole' }),
    moneda: Currency,
    minimo: DecimalNumber,
    maximo: DecimalNumber,
    paso: DecimalNumber.meta({ description: 'an amount is a multiple of it' }),
    ...offered,
    paquetes: PackagesAnswer,
  })
  .meta({ id: 'Operadora' })

const injectionFields = {
  ...audited,
  estado: z.literal(true),
  id: WireId,
  id_transaccion: z.uuid(),
  operadora_destino: z.string(),
  fecha_hora: InstantText,
  id_caja_origen: WireId,
}
export const InjectionAnswer = z
  .strictObject({ ...injectionFields, monto: DecimalNumber })
  .meta({ id: 'InyeccionOperadora' })

export const InjectionRowAnswer = z
  .strictObject({ ...injectionFields, monto: DecimalText, caja_origen: SessionAnswer.nullable() })
  .meta({ id: 'InyeccionEnHistorial' })
