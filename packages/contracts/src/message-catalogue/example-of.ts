/** The part of JSON Schema that contracts use. */
export type JsonSchema = {
  readonly type?: string | readonly string[]
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly oneOf?: readonly JsonSchema[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: readonly string[]
  readonly items?: JsonSchema
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly exclusiveMinimum?: number
  readonly maxLength?: number
}

/** Values that a reader recognizes, by the names of fields. Every other field takes the least that its schema allows. */
const known: Readonly<Record<string, unknown>> = {
  acceptUntil: '2026-11-29T14:05:10.000Z',
  amount: 1050,
  available: 48_950,
  carrierAmount: 1050,
  currency: 'BOB',
  fingerprint: 'Yk3v0sT2b8mQh5nXcR7uWd1eZaJfLpGi4oVx6KtNyBE',
  instance: 'ledger-1',
  merchant: 'principal',
  number: '78945612',
  operator: 'Tigo',
  role: 'Operador',
  sessionId: 17,
  slug: 'tigo',
  timeZone: 'America/La_Paz',
  userId: '2',
  username: 'ana',
}
const someId = '0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11'
const someTime = '2026-11-29T14:05:00.000Z'

/** An example of a value: all fields that must be there, and no other. */
export const exampleOf = (schema: JsonSchema, name = ''): unknown => {
  if (schema.const !== undefined) return schema.const
  const [first] = schema.anyOf ?? schema.oneOf ?? []
  if (first !== undefined) return exampleOf(first, name)
  const given = known[name]
  if (given !== undefined && typeof given === typeOf(schema) && allows(schema, given)) return given
  if (schema.enum !== undefined) return schema.enum[0]
  switch (schema.type) {
    case 'object':
      return Object.fromEntries(
        (schema.required ?? []).map((field) => [
          field,
          exampleOf(schema.properties?.[field] ?? {}, field),
        ]),
      )
    case 'array':
      return []
    case 'boolean':
      return false
    case 'integer':
      return Math.max(schema.minimum ?? 0, (schema.exclusiveMinimum ?? -1) + 1)
    case 'null':
      return null
    case undefined:
    default:
      return textOf(schema, name)
  }
}

const typeOf = ({ type }: JsonSchema): string =>
  type === 'integer' || type === 'number' ? 'number' : 'string'

const allows = ({ enum: values, pattern }: JsonSchema, value: unknown): boolean =>
  values?.includes(value) ?? (pattern === undefined || new RegExp(pattern, 'u').test(String(value)))

const textOf = ({ format }: JsonSchema, name: string): string => {
  if (format === 'uuid') return someId
  if (format === 'date-time') return someTime
  return name
}
