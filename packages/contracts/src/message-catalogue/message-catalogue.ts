import { z } from 'zod'
import { exampleOf, type JsonSchema } from './example-of.ts'
import { fieldsOf, type Field } from './fields-of.ts'
import { ways, type MessageSchema, type Way } from './ways.ts'

const jsonOf = (schema: z.ZodType): JsonSchema =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as JsonSchema

export const kindOf = (schema: MessageSchema): string => schema.shape.type.value

/** A message as it travels, with the fields that must be there. */
export const exampleMessage = (schema: MessageSchema): unknown => {
  const kind = kindOf(schema)
  const data = exampleOf(jsonOf(schema.shape.data)) as Readonly<Record<string, string | undefined>>
  const id = data['operationId'] ?? data['topupId'] ?? kind
  return {
    ...(exampleOf(jsonOf(schema)) as object),
    id,
    source: 'recargas',
    subject: data['merchant'] ?? id,
    correlationid: 'caja1-000123',
    data,
  }
}

const about = `# Messages

For developers: every message that travels over RabbitMQ. Made from packages/contracts by \`npm run documents\`, and held equal by a test;
change the schema and not this page. The topology is in packages/contracts/src/topology.ts, the reasons are in [flow](flow.md).

A body is one envelope (CloudEvents 1.0, structured mode), or a JSON array of up to 128 of them of one partition. \`id\` is deterministic:
a step that is published again has the same id. \`correlationid\` names the request at the till. \`causationid\` is optional: the message that
this one answers. A kind that is on the wire keeps its name and its fields; amounts are whole minor units. \`<p>\` is the partition of the
merchant, 0 to 15. Examples hold the required fields.
`

/** @param sources texts of contracts: the comment above a declaration is the message's meaning */
export const messageCatalogue = (sources: readonly string[]): string => {
  const contents = ways.map(
    ({ title, schemas }) =>
      `| ${title} | ${schemas.map((schema) => `\`${kindOf(schema)}\``).join(', ')} |`,
  )
  return [
    about,
    ['| group | kinds |', '| --- | --- |', ...contents].join('\n'),
    '',
    ...ways.map((way) => wayText(way, sources)),
  ].join('\n')
}

const wayText = (way: Way, sources: readonly string[]): string => {
  const shared = sharedFields(way.schemas)
  return [
    `## ${way.title}\n`,
    `Published by: ${way.publisher}. Exchange: \`${way.exchange}\`, routing key: ${way.routingKey}. Read by: ${way.reader}. ` +
      `${way.isPersistent ? 'Persistent' : 'Not persistent: a receiver that misses it asks the ledger'}.\n`,
    ...(shared.length === 0
      ? []
      : [`Each of them has these fields, and its own:\n\n${tableOf(shared)}`]),
    ...way.schemas.map((schema) => messageText(schema, shared, sources)),
  ].join('\n')
}

const fieldsOfData = (schema: MessageSchema): readonly Field[] =>
  fieldsOf(jsonOf(schema.shape.data))

const manyMessages = 5

/** Fields that all of many messages have, which are listed once. */
const sharedFields = (schemas: readonly MessageSchema[]): readonly Field[] => {
  const [first = [], ...others] = schemas.map(fieldsOfData)
  if (schemas.length < manyMessages) return []
  return first.filter((field) =>
    others.every((fields) => fields.some((other) => isSameField(field, other))),
  )
}

const isSameField = (one: Field, other: Field): boolean =>
  one.name === other.name && one.type === other.type && one.isOptional === other.isOptional

const tableOf = (fields: readonly Field[]): string =>
  [
    '| field of `data` | type |',
    '| --- | --- |',
    ...fields.map(
      ({ name, type, isOptional }) => `| \`${name}\` | ${type}${isOptional ? ', optional' : ''} |`,
    ),
    '',
  ].join('\n')

const messageText = (
  schema: MessageSchema,
  shared: readonly Field[],
  sources: readonly string[],
): string => {
  const own = fieldsOfData(schema).filter(
    (field) => !shared.some((other) => isSameField(field, other)),
  )
  return [
    `### ${kindOf(schema)}\n`,
    `${meaningOf(kindOf(schema), sources)}\n`,
    tableOf(own),
    `\`\`\`json\n${JSON.stringify(exampleMessage(schema), null, 2)}\n\`\`\`\n`,
  ].join('\n')
}

/** The comment above the declaration that names the kind. */
export const meaningOf = (kind: string, sources: readonly string[]): string => {
  const [name = ''] = kind.split('.')
  const declarations = [`kind: '${name}',`, `'${kind}'`, `export const ${name} =`]
  const meanings = sources.flatMap((text) =>
    declarations.flatMap((words) => commentAbove(text, text.indexOf(words))),
  )
  return meanings[0] ?? ''
}

/** The last comment before a place, where nothing but the declaration's first lines stands between them. */
const commentAbove = (text: string, place: number): readonly string[] => {
  const before = text.slice(0, Math.max(place, 0))
  const [start, end] = [before.lastIndexOf('/**'), before.lastIndexOf('*/')]
  if (start < 0 || end < start || before.slice(end).trim().split('\n').length > 2) return []
  const comment = before.slice(start + 3, end)
  return [
    comment
      .replaceAll(/^\s*\*? ?/gm, '')
      .replaceAll(/\s+/g, ' ')
      .trim(),
  ]
}
