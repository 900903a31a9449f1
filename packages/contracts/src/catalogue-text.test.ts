import { readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import { catalogueChanges } from './catalogue-changes.ts'
import { catalogueJsonSchema } from './catalogue.ts'
import { readCatalogueText } from './catalogue-text.ts'

const read = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8')
const shipped = read('catalogue.json')

type Operator = Record<string, unknown>
type Shop = { operators: [Operator, Operator, Operator, ...Operator[]] } & Record<string, unknown>
type File = {
  $schema?: string
  merchants: { principal: Shop; bogota?: Shop; [id: string]: unknown }
}
/** The shipped file with a change. */
const changed = (change: (file: File) => unknown): string => {
  const file = JSON.parse(shipped) as File
  change(file)
  return JSON.stringify(file)
}
const problemsOf = (text: string): string => {
  const reading = readCatalogueText(text)
  return reading.kind === 'ok' ? 'good' : reading.problems.join('\n')
}
const principal = (file: File) => file.merchants.principal
const long = 'a'.repeat(10_000)

describe('a catalogue file', () => {
  it('that is shipped is good, and names its schema to editors', () => {
    expect(problemsOf(shipped)).toBe('good')
    expect((JSON.parse(shipped) as File).$schema).toBe('./catalogue.schema.json')
  })

  it.each<readonly [string, (file: File) => unknown, string]>([
    [
      'a time zone that does not exist',
      (file) => (principal(file)['zona_horaria'] = 'America/La_Pas'),
      'merchants.principal.zona_horaria: is not a time zone of the IANA database, such as America/La_Paz',
    ],
    [
      'a time zone of 10,000 characters',
      (file) => (principal(file)['zona_horaria'] = long),
      'merchants.principal.zona_horaria: ',
    ],
    [
      'a minimum of nothing',
      (file) => (principal(file).operators[1]['minimo'] = 0),
      'merchants.principal.operators[1]: minimo must be above zero',
    ],
    [
      'an operator named with 10,000 characters',
      (file) => (principal(file).operators[0]['nombre'] = long),
      'merchants.principal.operators[0].nombre: ',
    ],
    [
      'a shop named with 10,000 characters',
      (file) => (file.merchants[long] = principal(file)),
      `merchants.${'a'.repeat(60)}…: `,
    ],
    [
      'a field that nobody knows',
      (file) => (principal(file).operators[0]['maxmio'] = 1),
      'merchants.principal.operators[0].maxmio: is no field of the catalogue',
    ],
    [
      'a field name of 10,000 characters',
      (file) => (principal(file)[long] = 1),
      `merchants.principal.${'a'.repeat(60)}…: is no field of the catalogue`,
    ],
    [
      'one operator twice',
      (file) => principal(file).operators.push(principal(file).operators[0]),
      'merchants.principal.operators: two operators have the same nombre',
    ],
    [
      'a pattern that is none',
      (file) => (principal(file).operators[0]['patron_numero'] = '([0-9'),
      'patron_numero is not a regular expression',
    ],
  ])('with %s is refused with the path of what is wrong', (_, change, problem) => {
    const problems = problemsOf(changed(change))
    expect(problems).toContain(problem)
    expect(problems.length).toBeLessThan(500)
  })

  it.each([
    ['no JSON', '{', 'the file is not JSON'],
    ['nothing', '', 'the file is not JSON'],
    ['a list', '[]', 'the file: '],
    ['a shop twice', '{"merchants":{"principal":{},"principal":{}}}', 'principal: stands twice'],
  ])('that holds %s is refused', (_, text, problem) => {
    expect(problemsOf(text)).toContain(problem)
  })
})

it('catalogue.schema.json is written from the schema that parses (npm run documents)', () => {
  expect(JSON.parse(read('catalogue.schema.json'))).toEqual(catalogueJsonSchema())
})

it('docs/catalogue.md has a row for every field, and no other', () => {
  const fieldsIn = (title: string) => {
    const [section = ''] = (read('docs/catalogue.md').split(`## ${title}\n`)[1] ?? '').split(
      '\n## ',
    )
    return [...section.matchAll(/^\| `([\w$]+)`/gm)].map(([, name]) => name)
  }
  type Fields<Known extends object = object> = { readonly properties: Known }
  const file = catalogueJsonSchema() as Fields<{
    merchants: { additionalProperties: Fields<{ operators: { items: Fields } }> }
  }>
  const shop = file.properties.merchants.additionalProperties
  const operator = shop.properties.operators.items
  const of = ({ properties }: Fields) => Object.keys(properties).sort()
  expect(fieldsIn('The file').sort()).toEqual(of(file))
  expect(fieldsIn('A shop').sort()).toEqual(of(shop))
  expect(fieldsIn('An operator').sort()).toEqual(of(operator))
})

it('the differences of two catalogues name shops, operators and fields', () => {
  const catalogueOf = (text: string) => {
    const reading = readCatalogueText(text)
    if (reading.kind === 'wrong') throw new Error(reading.problems.join())
    return reading.catalogue
  }
  const before = catalogueOf(shipped)
  expect(catalogueChanges(before, catalogueOf(shipped))).toEqual([])
  const after = changed((file) => {
    const shop = principal(file)
    shop['conteo_apertura'] = 'rechazar'
    Object.assign(shop.operators[0], { maximo: 1_000, ayuda_numero: 'Otra ayuda.' })
    shop.operators[2] = { ...shop.operators[2], nombre: 'Otra' }
    file.merchants['nueva'] = file.merchants.bogota
    delete file.merchants.bogota
  })
  expect(catalogueChanges(before, catalogueOf(after))).toEqual([
    'principal: conteo_apertura changed',
    'principal/Tigo: ayuda_numero, maximo changed',
    'principal/Viva: removed',
    'principal/Otra: added',
    'bogota: removed',
    'nueva: added',
  ])
})
