import type { Currency } from '@recargas/contracts'
import type { z } from 'zod'
import { Problem } from './problem.ts'
import type { ProblemCode } from './problem-table.ts'
import { isMissing, spokenPredicate, wrongFieldsOf, type WrongField } from './wrong-fields.ts'

const problemsMax = 20

/**
 * Parses a body, answering every field that is wrong in one list, as the POS knows it; `code` and `campo` are those of
 * the first. Throws {@link Problem}.
 */
export const parseBody = <Schema extends z.ZodType>(
  schema: Schema,
  body: unknown,
): z.output<Schema> => parse(schema, body ?? {}, null)

/** Builds a body schema once per currency, because building one costs more than using it. */
export const perCurrency = <Schema>(
  make: (shop: { readonly currency: Currency }) => Schema,
): ((shop: { readonly currency: Currency }) => Schema) => {
  const made = new Map<Currency, Schema>()
  return ({ currency }) => {
    const known = made.get(currency)
    if (known !== undefined) return known
    const schema = make({ currency })
    made.set(currency, schema)
    return schema
  }
}

/** Stands for every shop in descriptions: bodies look alike in all currencies. */
export const anyShop = { currency: 'BOB' } as const

/** Parses query parameters; all of their problems are one kind. */
export const parseQuery = <Schema extends z.ZodType>(
  schema: Schema,
  query: unknown,
): z.output<Schema> => parse(schema, query, 'QUERY_INVALID')

/** Parses one part of the path; a part that does not fit names no record. */
export const parseId = (text: string | undefined): number | null => {
  const id = /^[1-9][0-9]{0,14}$/.test(text ?? '') ? Number(text) : null
  return id !== null && Number.isSafeInteger(id) ? id : null
}

const parse = <Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  always: ProblemCode | null,
): z.output<Schema> => {
  const parsed = schema.safeParse(value, { error: spokenPredicate })
  if (parsed.success) return parsed.data
  const { issues } = parsed.error
  const [first] = issues
  if (first === undefined) throw new Problem('BAD_REQUEST')
  throw fieldProblem(
    always ?? codeOf(first, value),
    issues.slice(0, problemsMax).flatMap((issue) => wrongFieldsOf(issue, value)),
  )
}

/** One problem of all wrong fields; `campo` is the first. */
export const fieldProblem = (code: ProblemCode, wrong: readonly WrongField[]): Problem =>
  new Problem(
    code,
    {},
    {
      message: [...new Set(wrong.map(({ sentence }) => sentence))],
      detail: wrong.map(({ detail }) => detail).join('; '),
      members: { campo: wrong[0]?.field ?? null },
    },
  )

const codeOf = (issue: z.core.$ZodIssue, value: unknown): ProblemCode => {
  if (issue.code === 'unrecognized_keys') return 'FIELD_UNKNOWN'
  if (isMissing(issue, value)) return 'FIELD_MISSING'
  if (issue.code === 'custom') {
    const problem: unknown = issue.params?.['problem']
    if (typeof problem === 'string') return problem as ProblemCode
  }
  return 'FIELD_INVALID'
}
