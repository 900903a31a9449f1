import type { z } from 'zod'
import { Catalogue } from './catalogue.ts'

export type CatalogueReading =
  | { readonly kind: 'ok'; readonly catalogue: Catalogue }
  /** Each problem begins with the path of the field that is wrong. */
  | { readonly kind: 'wrong'; readonly problems: readonly string[] }

const problemsMax = 50
const shownMax = 60

/** Reads the text of a catalogue file. Never throws. */
export const readCatalogueText = (text: string): CatalogueReading => {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { kind: 'wrong', problems: [`the file is not JSON: ${shown(String(error), 200)}`] }
  }
  const repeated = repeatedNames(text)
  if (repeated.length > 0) {
    const problems = repeated.map((name) => `${shown(name)}: stands twice in one object`)
    return { kind: 'wrong', problems }
  }
  const parsed = Catalogue.safeParse(value)
  if (parsed.success) return { kind: 'ok', catalogue: parsed.data }
  const problems = parsed.error.issues.flatMap(problemsOf)
  const more = problems.length - problemsMax
  return {
    kind: 'wrong',
    problems: [...problems.slice(0, problemsMax), ...(more > 0 ? [`and ${more} more`] : [])],
  }
}

type Issue = z.core.$ZodIssue

const problemsOf = (issue: Issue): readonly string[] => {
  const path = pathOf(issue.path)
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => `${pathOf([...issue.path, key])}: is no field of the catalogue`)
  }
  return issue.code === 'invalid_key'
    ? [`${path}: ${issue.issues.map(({ message }) => message).join('; ')}`]
    : [`${path}: ${shown(issue.message, 200)}`]
}

/** `merchants.principal.operators[0].minimo`, as an editor finds it. */
const pathOf = (path: readonly PropertyKey[]): string => {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${shown(String(part))}`))
    .join('')
    .replace(/^\./, '')
  return text === '' ? 'the file' : text
}

const shown = (text: string, max = shownMax): string =>
  text.length > max ? `${text.slice(0, max)}…` : text

const lexemes = /"(?:[^"\\]|\\.)*"|[{}[\]:,]/g

/** Members that one object repeats: JSON.parse would silently take the last one. */
const repeatedNames = (text: string): readonly string[] => {
  const open: Set<string>[] = []
  const repeated: string[] = []
  let last = ''
  for (const [lexeme] of text.matchAll(lexemes)) {
    if (lexeme === '{' || lexeme === '[') open.push(new Set())
    else if (lexeme === '}' || lexeme === ']') open.pop()
    else if (lexeme === ':') {
      const name = JSON.parse(last) as string
      const names = open.at(-1)
      if (names?.has(name) === true) repeated.push(name)
      names?.add(name)
    }
    last = lexeme
  }
  return repeated
}
