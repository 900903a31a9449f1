import { z } from 'zod'
import { carriedOutBy, CarrierName, sellsKind, type CarrierTerms } from './carriers.ts'
import { MerchantId, OperatorName } from './ids.ts'
import { Currency, Money } from './money.ts'
import { TimeZone, type OpeningCount, type ShopSettings } from './shop-settings.ts'

/** One mobile operator as a merchant sells it. Amounts in minor units. */
export const CatalogueOperator = z
  .strictObject({
    nombre: OperatorName.describe('the name a POS sends and shows'),
    carrier: CarrierName.describe('carrier that delivers the top-ups'),
    confirmacion: z
      .enum(['persona', 'inmediata'])
      .optional()
      .describe('of a carrier whose sales a person carries out: who confirms them'),
    rechazo: z
      .enum(['administrador', 'cajero'])
      .optional()
      .describe('of such a carrier: who may say that a sale was not carried out'),
    slug: z.string().min(1).max(20).describe("the carrier's name of the operator"),
    proveedor_paquetes: z
      .string()
      .regex(/^[0-9A-Za-z_-]{1,20}$/)
      .optional()
      .describe("the carrier's code of the operator's mobile packages; without it none are sold"),
    patron_numero: z.string().min(1).max(200).describe('pattern a phone number must match whole'),
    ayuda_numero: z
      .string()
      .min(1)
      .max(120)
      .optional()
      .describe('sentence that tells a cashier how a number of this operator looks'),
    minimo: Money.describe('smallest amount, minor units'),
    maximo: Money.describe('largest amount, minor units'),
    paso: z.int().positive().describe('amounts are multiples of this, minor units'),
    unidad_carrier: z.int().positive().describe("the carrier's unit, in minor units"),
  })
  .refine((operator) => operator.minimo > 0 && operator.minimo <= operator.maximo, {
    error: 'minimo must be above zero and at most maximo',
  })
  .refine((operator) => operator.paso % operator.unidad_carrier === 0, {
    error: "paso must be a multiple of the carrier's unit, else an amount could not be sent",
  })
  .refine(
    ({ carrier, proveedor_paquetes }) =>
      proveedor_paquetes === undefined || sellsKind(carrier, 'bundle'),
    { error: 'proveedor_paquetes: this carrier sells no packages' },
  )
  .refine(
    ({ carrier, confirmacion, rechazo }) =>
      carriedOutBy(carrier) === 'person' || (confirmacion ?? rechazo) === undefined,
    { error: 'confirmacion, rechazo: nobody confirms the sales of this carrier' },
  )
  .refine((operator) => isPattern(operator.patron_numero), {
    error: 'patron_numero is not a regular expression',
  })
export type CatalogueOperator = z.infer<typeof CatalogueOperator>

/** One shop of the catalogue: its currency, its settings and the operators it sells. */
export const CatalogueMerchant = z.strictObject({
  nombre: z.string().min(1).max(60).optional().describe("the shop's name on its receipts"),
  currency: Currency.describe('currency of all its amounts'),
  zona_horaria: TimeZone.describe("IANA time zone that cuts the shop's days"),
  codigo_pais: z
    .string()
    .regex(/^[1-9][0-9]{0,3}$/)
    .optional()
    .describe('country calling code that is stripped from phone numbers'),
  conteo_apertura: z
    .enum(['registrar', 'rechazar'])
    .default('registrar')
    .describe('what happens to an opening count that differs from the drawer'),
  cierre_ciego: z
    .boolean()
    .default(false)
    .describe('the screen shows a cashier the expected cash only after the count'),
  motivo_diferencia_desde: Money.positive()
    .optional()
    .describe('a closing that differs by this or more needs a reason, minor units'),
  denominaciones: z
    .array(Money.positive())
    .min(1)
    .max(30)
    .refine((values) => new Set(values).size === values.length, {
      error: 'two denominaciones are equal',
    })
    .optional()
    .describe(
      'notes and coins that the screen counts, minor units; by default those of the currency',
    ),
  operators: z
    .array(CatalogueOperator)
    .min(1)
    .max(100)
    .refine(hasNamesOnce, { error: 'two operators have the same nombre' })
    .describe('mobile operators that the shop sells, each once'),
})
export type CatalogueMerchant = z.infer<typeof CatalogueMerchant>

/** The one file a shop edits. */
export const Catalogue = z.strictObject({
  $schema: z.string().max(500).optional().describe('names catalogue.schema.json to an editor'),
  merchants: z
    .record(MerchantId, CatalogueMerchant)
    .describe('the shops, by the name that their tokens carry'),
})
export type Catalogue = z.infer<typeof Catalogue>

const openingCounts: Readonly<Record<CatalogueMerchant['conteo_apertura'], OpeningCount>> = {
  registrar: 'record',
  rechazar: 'refuse',
}

/** The settings of a shop that travel in each of its commands. */
export const shopSettingsOf = ({
  zona_horaria,
  conteo_apertura,
  motivo_diferencia_desde,
}: CatalogueMerchant): ShopSettings => ({
  timeZone: zona_horaria,
  openingCount: openingCounts[conteo_apertura],
  ...(motivo_diferencia_desde === undefined ? {} : { reasonFrom: motivo_diferencia_desde }),
})

/** The terms that each sale of the operator carries; undefined where its carrier needs none. */
export const termsOf = ({
  carrier,
  confirmacion,
}: Pick<CatalogueOperator, 'carrier' | 'confirmacion'>): CarrierTerms | undefined =>
  carriedOutBy(carrier) === 'person'
    ? { confirmation: confirmacion === 'inmediata' ? 'immediate' : 'person' }
    : undefined

function hasNamesOnce(operators: readonly { readonly nombre: string }[]): boolean {
  return new Set(operators.map(({ nombre }) => nombre)).size === operators.length
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source, 'u')
    return true
  } catch {
    return false
  }
}

/** The JSON Schema of the catalogue file, for editors; catalogue.schema.json is written from it. */
export const catalogueJsonSchema = (): object => ({
  ...z.toJSONSchema(Catalogue, { io: 'input', target: 'draft-7' }),
  title: 'Recargas: the catalogue, what each shop sells',
})
