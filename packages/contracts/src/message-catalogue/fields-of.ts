import type { JsonSchema } from './example-of.ts'

export type Field = { readonly name: string; readonly type: string; readonly isOptional: boolean }

/** Objects inside of objects are listed to this depth; further ones are named `object`. */
const depthMax = 2

/** Every field of an object, those of its inner objects with their path. */
export const fieldsOf = (schema: JsonSchema, path = '', depth = 0): readonly Field[] =>
  Object.entries(schema.properties ?? {}).flatMap(([field, inner]) => {
    const name = `${path}${field}`
    const own = {
      name,
      type: typeOf(inner),
      isOptional: !(schema.required ?? []).includes(field),
    }
    const [part, mark] = inner.type === 'array' ? [inner.items, '[]'] : [inner, '']
    return part?.properties === undefined || depth + 1 >= depthMax
      ? [own]
      : [own, ...fieldsOf(part, `${name}${mark}.`, depth + 1)]
  })

const typeOf = (schema: JsonSchema): string => {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(', ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return [...new Set(choices.map(choiceOf))].join(' or ')
  if (schema.type === 'array') return `list of ${typeOf(schema.items ?? {})}`
  if (schema.format !== undefined) return formats[schema.format] ?? schema.format
  const types = [schema.type ?? 'any'].flat()
  return types.map((type) => (type === 'integer' ? 'whole number' : type)).join(' or ')
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  'date-time': 'time (ISO 8601, UTC)',
}

/** One of several objects is named by the kind that tells it apart. */
const choiceOf = (schema: JsonSchema): string => {
  const kind = schema.properties?.['kind']?.const
  return kind === undefined ? typeOf(schema) : `object of kind \`${JSON.stringify(kind)}\``
}
