import { hiddenCharacter } from '@recargas/contracts'
import type { z } from 'zod'
import { labelOf, sentenceOf } from './field-labels.ts'

/** One wrong field, described twice: to the cashier in a sentence, to the developer by the field's name. */
export type WrongField = {
  /** null where the body as a whole is wrong. */
  readonly field: string | null
  readonly sentence: string
  readonly detail: string
}

const namesMax = 20

const nameShownMax = 60
const hiddenCharacters = new RegExp(hiddenCharacter, 'gu')

/** A client's names are shown in the answer with every character visible and at bounded length. */
export const shorten = (text: string): string => {
  const visible = text.replaceAll(hiddenCharacters, '\uFFFD')
  return visible.length > nameShownMax ? `${visible.slice(0, nameShownMax)}…` : visible
}

export const wrongField = (field: string, predicate: string, detail = predicate): WrongField => ({
  field,
  sentence: sentenceOf(field, predicate),
  detail: `${field}: ${detail}`,
})

export const missingField = (field: string): WrongField => ({
  field,
  sentence: `Falta ${labelOf(field)}.`,
  detail: `falta ${field}`,
})

/** A name that no field has: nothing that a cashier can put right. */
export const unknownField = (name: string): WrongField => ({
  field: shorten(name),
  sentence: 'El sistema de caja envió un dato que no se admite; avise al administrador.',
  detail: `${shorten(name)} no se admite`,
})

/** Every wrong field of one issue. */
export const wrongFieldsOf = (issue: z.core.$ZodIssue, value: unknown): readonly WrongField[] => {
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, namesMax).map(unknownField)
  const field = issue.path.join('.')
  if (field === '') return [{ field: null, sentence: issue.message, detail: technicalOf(issue) }]
  return isMissing(issue, value)
    ? [missingField(field)]
    : [wrongField(field, issue.message, technicalOf(issue))]
}

export const isMissing = (issue: z.core.$ZodIssue, value: unknown): boolean => {
  let found = value
  for (const key of issue.path) {
    if (typeof found !== 'object' || found === null) return false
    found = (found as Record<PropertyKey, unknown>)[key]
  }
  return issue.path.length > 0 && found === undefined
}

const noSuchValue = 'no tiene un valor que se admite'
const noSuchForm = 'no tiene la forma esperada'
const dateFormats = new Set(['date', 'datetime'])

const spokenTypes: Readonly<Record<string, string>> = {
  string: 'debe ser un texto',
  number: 'debe ser un número',
  int: 'debe ser un número entero',
  boolean: 'debe ser sí o no',
}
const technicalTypes: Readonly<Record<string, string>> = {
  string: 'debe ser un texto, entre comillas',
  number: 'debe ser un número, sin comillas',
  int: 'debe ser un número entero, sin comillas',
  boolean: 'debe ser true o false',
}

/** The predicate of an issue's sentence, in place of zod's own; schemas may state one of theirs. */
export const spokenPredicate = (issue: z.core.$ZodRawIssue): string => {
  if (issue.code === 'too_small' || issue.code === 'too_big') return boundPredicate(issue)
  if (issue.code === 'invalid_value') {
    return `debe ser una de estas opciones: ${issue.values.join(', ')}`
  }
  if (issue.code === 'invalid_format') {
    return dateFormats.has(issue.format) ? 'debe ser una fecha' : noSuchForm
  }
  if (issue.code === 'invalid_union') return isDate(issue) ? 'debe ser una fecha' : noSuchValue
  if (issue.code !== 'invalid_type') return noSuchValue
  return (isPlain(issue.input) ? spokenTypes[issue.expected] : undefined) ?? noSuchForm
}

type BoundIssue = z.core.$ZodRawIssue & { readonly code: 'too_small' | 'too_big' }

const boundPredicate = (issue: BoundIssue): string => {
  const isText = issue.origin === 'string'
  if (issue.code === 'too_small') {
    return isText
      ? `debe tener al menos ${counted(issue.minimum)}`
      : `no debe ser menor que ${bound(issue.minimum, issue.inclusive, 1)}`
  }
  return isText
    ? `debe tener como máximo ${counted(issue.maximum)}`
    : `no debe ser mayor que ${bound(issue.maximum, issue.inclusive, -1)}`
}

/** The same for a developer: types as JSON has them, patterns, formats. */
const technicalOf = (issue: z.core.$ZodIssue): string => {
  if (issue.code === 'invalid_type') return technicalTypes[issue.expected] ?? issue.message
  if (issue.code === 'invalid_format') {
    if (dateFormats.has(issue.format)) return dateDetail
    return issue.pattern === undefined ? issue.message : `debe cumplir ${issue.pattern}`
  }
  if (issue.code === 'invalid_union') return isDate(issue) ? dateDetail : issue.message
  const detail: unknown = issue.code === 'custom' ? issue.params?.['detail'] : undefined
  return typeof detail === 'string' ? detail : issue.message
}

/** A list or an object in place of one value is no typing error of a cashier. */
const isPlain = (input: unknown): boolean => typeof input !== 'object' || input === null

const dateDetail = 'debe ser una fecha ISO 8601, como 2026-11-28 o 2026-11-28T20:30:00-04:00'

const isDate = (issue: {
  readonly errors: readonly (readonly { readonly code: string; readonly format?: unknown }[])[]
}): boolean =>
  issue.errors.flat().some(({ format }) => typeof format === 'string' && dateFormats.has(format))

const counted = (count: number | bigint): string =>
  `${count} ${Number(count) === 1 ? 'carácter' : 'caracteres'}`

/** All of our bounds are whole numbers: an exclusive bound is given as the next number. */
const bound = (limit: number | bigint, inclusive: boolean | undefined, step: 1 | -1): string =>
  String(inclusive === false ? Number(limit) + step : limit)
