import { z } from 'zod'

/** Parts that answers are made of, as a POS reads them. */
export const DecimalText = z
  .string()
  .regex(/^-?\d+\.\d{2}$/)
  .meta({ description: 'an amount as text, with two decimals', examples: ['89.50'] })
export const DecimalNumber = z
  .number()
  .meta({ description: 'an amount, with two decimals at most', examples: [10.5] })
export const InstantText = z.iso.datetime()
export const UserOnWire = z
  .union([z.int(), z.string()])
  .meta({ description: 'id of a user: a number where it is one' })
export const WireId = z.int().positive()

/** The users who created and changed a record, and the times. */
export const audited = {
  id_user_create: UserOnWire.nullable(),
  id_user_update: UserOnWire.nullable(),
  created_at: InstantText,
  updated_at: InstantText,
}

/** The availability of an operator or package, with the reason when it is unavailable. */
export const offered = { disponible: z.boolean(), motivo: z.string().nullable() }

/** Any answer that is not a success. */
export const ProblemBody = z
  .looseObject({
    type: z.string().meta({ examples: ['urn:recargas:error:INSUFFICIENT_FLOAT'] }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string(),
    code: z.string().meta({ description: 'stable: decide on it, and show `message`' }),
    statusCode: z.int(),
    timestamp: InstantText,
    path: z.string(),
    message: z.union([z.string(), z.array(z.string())]).meta({
      description: 'the sentence for a POS’s screen; a list when several fields are wrong',
    }),
    error_detail: z.string().nullable(),
    campo: z.string().nullable().optional().meta({ description: 'the field that is wrong' }),
    id_transaccion: z.uuid().optional().meta({ description: 'the operation it is about' }),
    operacion_anterior: z
      .strictObject({
        id: WireId.nullable(),
        id_transaccion: z.uuid().nullable(),
        estado: z.string(),
      })
      .optional()
      .meta({ description: 'with DUPLICATE_SUSPECTED: the earlier sale that it resembles' }),
    saldo: DecimalNumber.optional().meta({
      description: 'with CAJA_NOT_EMPTY: settled cash in its drawer',
    }),
    pendiente: DecimalNumber.optional().meta({
      description: 'with CAJA_NOT_EMPTY: cash of sales that are not settled yet',
    }),
    contado: DecimalNumber.optional().meta({ description: 'with OPENING_COUNT_DIFFERS' }),
    esperado: DecimalNumber.optional().meta({
      description: 'with OPENING_COUNT_DIFFERS: cash in the drawer by the books',
    }),
    precio: DecimalNumber.optional().meta({
      description: 'with BUNDLE_PRICE_CHANGED: the price now',
    }),
  })
  .meta({ id: 'Problema' })
