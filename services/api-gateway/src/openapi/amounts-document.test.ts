import { describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { openApiDocument } from './document.ts'

type Schema = {
  readonly $ref?: string
  readonly type?: string
  readonly pattern?: string
  readonly items?: Schema
  readonly properties?: Readonly<Record<string, Schema>>
  readonly anyOf?: readonly Schema[]
  readonly allOf?: readonly Schema[]
}
type Content = Readonly<Record<string, { readonly schema?: Schema }>>
type Operation = {
  readonly requestBody?: { readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly content?: Content }>>
}
type Kind = 'number' | 'text'

const document = openApiDocument(gatewayRoutes({ reads: {} } as GatewayDeps)) as unknown as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> }
}
/** As every amount that is text is written; whatever else is a number with decimals is an amount too. */
const decimalText = String.raw`^-?\d+\.\d{2}$`

/** Amounts of a schema by their path, `a.b` for a nested field or a list's. */
const amountsOf = (schema: Schema, path = '', seen: readonly string[] = []): [string, Kind][] => {
  const { $ref, anyOf = [], allOf = [], items, properties = {} } = schema
  if ($ref !== undefined) {
    const found = document.components.schemas[$ref.split('/').at(-1) ?? '']
    return found === undefined || seen.includes($ref) ? [] : amountsOf(found, path, [...seen, $ref])
  }
  if (schema.type === 'number') return [[path, 'number']]
  if (schema.pattern === decimalText) return [[path, 'text']]
  return [
    ...[...anyOf, ...allOf, ...(items === undefined ? [] : [items])].flatMap((part) =>
      amountsOf(part, path, seen),
    ),
    ...Object.entries(properties).flatMap(([name, part]) =>
      amountsOf(part, path === '' ? name : `${path}.${name}`, seen),
    ),
  ]
}

const amountsIn = (contents: readonly (Content | undefined)[]): ReadonlyMap<string, Kind> => {
  const schemas = contents.flatMap((content) =>
    Object.values(content ?? {}).flatMap(({ schema }) => schema ?? []),
  )
  const amounts = new Map<string, Kind>()
  for (const [path, kind] of schemas.flatMap((schema): [string, Kind][] => amountsOf(schema))) {
    const known = amounts.get(path)
    if (known !== undefined && known !== kind)
      throw new Error(`${path} is a ${known} and a ${kind}`)
    amounts.set(path, kind)
  }
  return amounts
}

const routes = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { requestBody, responses }]) => ({
    name: `${method.toUpperCase()} ${path.replaceAll(/\{(\w+)\}/g, ':$1')}`,
    sent: amountsIn([requestBody?.content]),
    answered: amountsIn(
      Object.entries(responses).flatMap(([status, { content }]) =>
        status < '400' ? [content] : [],
      ),
    ),
  })),
)

type Row = { readonly sent: string; readonly numbers: string; readonly text: string }
/** Rows of the table of amounts, by route. */
const rowsOf = (page: string): ReadonlyMap<string, Row> =>
  new Map(
    [
      ...readFileSync(new URL(`../../../../${page}`, import.meta.url), 'utf8').matchAll(
        /^\| `([A-Z]+ \/[^`]*)` +\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm,
      ),
    ].map(([, name = '', sent = '', numbers = '', text = '']): [string, Row] => [
      name,
      { sent: sent.trim(), numbers: numbers.trim(), text: text.trim() },
    ]),
  )

const listOf = (amounts: ReadonlyMap<string, Kind>, kind: Kind): string[] =>
  [...amounts].flatMap(([path, found]) => (found === kind ? [path] : [])).sort()

const withAmounts = routes.filter(({ sent, answered }) => sent.size + answered.size > 0)

describe.each([
  { page: 'docs/integrating.md', all: ['all', 'the others'], answer: 'the answer' },
  { page: 'docs/es/integrar.md', all: ['todos', 'los demás'], answer: 'la respuesta' },
])('$page', ({ page, all, answer }) => {
  const rows = rowsOf(page)
  /** A cell lists its fields; one of the two that tell of an answer may say that it has all, or the others. */
  const read = (cell = '', others: readonly string[] = []): readonly string[] =>
    all.includes(cell)
      ? others
      : cell
          .split(', ')
          .filter((part) => part !== '')
          .map((part) => (part === answer ? '' : part.replaceAll('`', '')))
          .sort()

  test.each(withAmounts)(
    'says which amounts of $name are text and which are numbers',
    ({ name, sent, answered }) => {
      const row = rows.get(name)
      const [numbers, text] = [listOf(answered, 'number'), listOf(answered, 'text')]
      const documented = {
        sent: read(row?.sent),
        numbers: read(row?.numbers, numbers),
        text: read(row?.text, text),
      }
      expect(documented).toEqual({ sent: listOf(sent, 'number'), numbers, text })
      expect(listOf(sent, 'text')).toEqual([])
    },
  )

  test('lists no route that has none', () => {
    expect([...rows.keys()].sort()).toEqual(withAmounts.map(({ name }) => name).sort())
  })
})
