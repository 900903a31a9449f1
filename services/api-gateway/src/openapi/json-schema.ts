import { z } from 'zod'

export type JsonSchema = Readonly<Record<string, unknown>>

/** Schemas that several routes share, by name. */
export type Components = Map<string, JsonSchema>

/**
 * Writes a zod schema as OpenAPI 3.1 does (JSON Schema 2020-12); schemas with an id go to
 * `components`.
 * @param direction sent bodies are described as before parsing; received bodies may gain members
 * one day
 */
export const jsonSchemaOf = (
  schema: z.ZodType,
  direction: 'sent' | 'received',
  components: Components,
): JsonSchema => {
  const {
    $schema: _,
    $defs,
    ...json
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io: direction === 'sent' ? 'input' : 'output',
    override: ({ zodSchema, jsonSchema }) => {
      // For a transformed field zod takes examples of the output; ours are of the client's input.
      const { examples } = z.globalRegistry.get(zodSchema) ?? {}
      if (direction === 'sent' && Array.isArray(examples)) jsonSchema.examples = examples
      // The limits of JavaScript's numbers are no rule of ours, and a format is more precise than
      // its pattern.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
      if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
      // Many tools that read the document know no classes such as \p{L}.
      if (jsonSchema.pattern?.includes('\\p{')) delete jsonSchema.pattern
      if (direction === 'received') delete jsonSchema.additionalProperties
      delete jsonSchema.id
    },
  })
  for (const [name, shared] of Object.entries($defs ?? {})) {
    components.set(name, toComponents(shared))
  }
  return toComponents(json)
}

const toComponents = (json: JsonSchema): JsonSchema =>
  JSON.parse(JSON.stringify(json).replaceAll('"#/$defs/', '"#/components/schemas/')) as JsonSchema
