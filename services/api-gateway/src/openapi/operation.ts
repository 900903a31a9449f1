import type { z } from 'zod'
import type { Contract, DeclaredReply } from '../api/contract.ts'
import { capitalized } from '../api/problem-row.ts'
import { problemTable, type ProblemCode } from '../api/problem-table.ts'
import { problemsOf } from '../api/problems-of.ts'
import type { Route } from '../api/route.ts'
import { answerExamples } from './answer-examples.ts'
import { jsonSchemaOf, type Components, type JsonSchema } from './json-schema.ts'

/** Express's `:id` as OpenAPI writes it. */
export const pathTemplate = (path: string): string => path.replaceAll(/:(\w+)/g, '{$1}')

/** One route as an operation of the document. */
export const operationOf = (route: Route, components: Components): JsonSchema => {
  const { contract, roles, path, scope } = route
  return {
    operationId: operationIdOf(route),
    tags: [path.split('/')[1] ?? ''],
    summary: contract.summary,
    description: [
      contract.description,
      `Roles: ${roles.join(', ')}.${scope === undefined ? '' : ` Scope: ${scope}.`}`,
    ]
      .filter((part) => part !== undefined)
      .join('\n\n'),
    'x-roles': roles,
    ...(scope === undefined ? {} : { 'x-scope': scope }),
    security: [{ token: [] }],
    parameters: parametersOf(contract, components),
    ...(contract.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: {
              'application/json': { schema: jsonSchemaOf(contract.body, 'sent', components) },
            },
          },
        }),
    responses: {
      ...repliesOf(route, components),
      ...problemReplies(problemsOf(route)),
    },
  }
}

/**
 * `post /recargas/cliente` becomes postRecargasCliente; a path parameter becomes By and its name.
 */
const operationIdOf = ({ method, path }: Route): string =>
  method +
  path
    .split(/[/_-]/)
    .filter((part) => part !== '')
    .map((part) => (part.startsWith(':') ? `By${capitalized(part.slice(1))}` : capitalized(part)))
    .join('')

const parametersOf = (
  { params, query, headers = [] }: Contract,
  components: Components,
): readonly JsonSchema[] => [
  ...fieldsOf('path', params, components),
  ...fieldsOf('query', query, components),
  ...headers.map((name) => ({ $ref: `#/components/parameters/${name}` })),
]

const fieldsOf = (
  place: 'path' | 'query',
  schema: z.ZodObject | undefined,
  components: Components,
): readonly JsonSchema[] => {
  if (schema === undefined) return []
  const { properties = {}, required = [] } = jsonSchemaOf(schema, 'sent', components) as {
    readonly properties?: Readonly<Record<string, JsonSchema>>
    readonly required?: readonly string[]
  }
  return Object.entries(properties).map(([name, { description, ...field }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: field,
  }))
}

const repliesOf = (route: Route, components: Components) => {
  const byStatus = new Map<number, DeclaredReply[]>()
  for (const reply of route.contract.replies) {
    byStatus.set(reply.status, [...(byStatus.get(reply.status) ?? []), reply])
  }
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [status, replyOf(route, same, components)]),
  )
}

/** One way a route answers, as the examples name it. */
export const replyName = ({ method, path }: Route, { status, type, body }: DeclaredReply): string =>
  [method.toUpperCase(), path, status, body === undefined ? '' : (type ?? 'application/json')]
    .join(' ')
    .trim()

const replyOf = (
  route: Route,
  replies: readonly DeclaredReply[],
  components: Components,
): JsonSchema => {
  const headers = replies.flatMap((reply) => reply.headers ?? [])
  const contents = replies.flatMap((reply) => {
    const { body, type = 'application/json' } = reply
    if (body === undefined) return []
    const example = answerExamples[replyName(route, reply)]
    return [[type, { schema: jsonSchemaOf(body, 'received', components), example }] as const]
  })
  return {
    description: replies.map(({ says }) => says).join('; '),
    ...(headers.length === 0
      ? {}
      : {
          headers: Object.fromEntries(
            headers.map((name) => [name, { $ref: `#/components/headers/${name}` }]),
          ),
        }),
    ...(contents.length === 0 ? {} : { content: Object.fromEntries(contents) }),
  }
}

/** Each error status with the codes of its causes. */
const problemReplies = (codes: readonly ProblemCode[]) => {
  const statuses = [...new Set(codes.map((code) => problemTable[code].status))].sort()
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      problemReply(codes.filter((code) => problemTable[code].status === status)),
    ]),
  )
}

const problemReply = (codes: readonly ProblemCode[]): JsonSchema => ({
  description: codes.map((code) => `\`${code}\`: ${problemTable[code].title}.`).join('\n\n'),
  ...(codes.some((code) => problemTable[code].retryAfterSeconds !== undefined)
    ? { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } }
    : {}),
  content: {
    'application/json': {
      examples: Object.fromEntries(
        [...codes].sort().map((code) => [code, { $ref: `#/components/examples/${code}` }]),
      ),
      schema: {
        allOf: [
          { $ref: '#/components/schemas/Problema' },
          { type: 'object', properties: { code: { enum: [...codes].sort() } } },
        ],
      },
    },
  },
})
