import { hiddenCharacter } from '@recargas/contracts'
import { readNumber, type WrittenNumber } from './written-number.ts'

export type JsonLimits = {
  /** Objects and arrays within each other. */
  readonly depthMax: number
  /** Members and elements of all of them together. */
  readonly partsMax: number
}

export type JsonReading =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'broken' }
  | { readonly kind: 'too-complex' }
  /** An object names a member twice: parsers disagree on which of the two counts. */
  | { readonly kind: 'repeated'; readonly name: string }
  /** A name that some programs take for more than a name. */
  | { readonly kind: 'name-refused'; readonly name: string }
  /** Half a character, or one that no reader sees: it would end, hide or reorder the text in some program. */
  | { readonly kind: 'text-refused'; readonly name: string }

const lexemes = /"(?:[^"\\]|\\.)*"|[{}[\]:,]|[-0-9][-+.0-9eE]*/g
const nameLengthMax = 100
/** A banknote or a coin: existing clients count cash by it. */
const denomination = /^\d{1,6}\.\d{1,2}$/
const inheritedNames = new Set(['__proto__', 'constructor', 'prototype'])

/**
 * Reads a JSON text more strictly than JSON.parse: each name once, no name of an operator or a prototype, within limits. A
 * number that JavaScript cannot hold exactly stays as it is written.
 */
export const readJsonText = (json: string, limits: JsonLimits): JsonReading => {
  let value: unknown
  try {
    value = JSON.parse(json)
  } catch {
    return { kind: 'broken' }
  }
  return examine(json, value, limits)
}

type Open = { readonly names: Set<string>; readonly isArray: boolean; at: string | number }

/** The text has parsed, so that its grammar need not be looked at again. */
const examine = (json: string, value: unknown, limits: JsonLimits): JsonReading => {
  const open: Open[] = []
  const inexact: { path: readonly (string | number)[]; number: WrittenNumber }[] = []
  let parts = 0
  /** The last string, until the next lexeme decides if it is a name. */
  let text: string | null = null
  for (const [lexeme] of json.matchAll(lexemes)) {
    const within = open.at(-1)
    const name = lexeme === ':' ? text : null
    if (text !== null && name === null && isRefusedText(text)) {
      return { kind: 'text-refused', name: String(within?.at ?? '') }
    }
    text = null
    if (lexeme === '{' || lexeme === '[') {
      open.push({ names: new Set(), isArray: lexeme === '[', at: 0 })
      if (open.length > limits.depthMax) return { kind: 'too-complex' }
    } else if (lexeme === '}' || lexeme === ']') open.pop()
    else if (lexeme === ',') {
      parts += 1
      if (parts > limits.partsMax) return { kind: 'too-complex' }
      if (within?.isArray) within.at = Number(within.at) + 1
    } else if (name !== null) {
      if (isRefused(name)) return { kind: 'name-refused', name }
      if (within?.names.has(name)) return { kind: 'repeated', name }
      within?.names.add(name)
      if (within !== undefined) within.at = name
    } else if (lexeme.startsWith('"')) {
      // Escapes undone: "mont\u006f" is "monto".
      text = JSON.parse(lexeme) as string
    } else {
      const number = readNumber(lexeme)
      if (typeof number !== 'number') inexact.push({ path: open.map(({ at }) => at), number })
    }
  }
  if (text !== null && isRefusedText(text)) return { kind: 'text-refused', name: '' }
  return { kind: 'ok', value: inexact.reduce<unknown>(withNumber, value) }
}

const isRefused = (name: string): boolean =>
  name.length > nameLengthMax ||
  isRefusedText(name) ||
  inheritedNames.has(name) ||
  name.startsWith('$') ||
  (name.includes('.') && !denomination.test(name))

const isRefusedText = (text: string): boolean =>
  /\p{Surrogate}/u.test(text) || hiddenCharacter.test(text)

const withNumber = (
  value: unknown,
  { path, number }: { path: readonly (string | number)[]; number: WrittenNumber },
): unknown => {
  const key = path.at(-1)
  if (key === undefined) return number
  const parent = path
    .slice(0, -1)
    .reduce<unknown>((found, part) => (found as Record<PropertyKey, unknown>)[part], value)
  ;(parent as Record<PropertyKey, unknown>)[key] = number
  return value
}
