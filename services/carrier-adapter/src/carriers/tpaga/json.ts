import type { AnswerBody } from '../../domain/call-result.ts'

const depthMax = 32
const utf8 = new TextDecoder('utf-8')

/**
 * Reads an answer's body. Text nested deeper than any answer of the carrier counts as text, and a `__proto__`
 * member is dropped, so that nothing a peer writes reaches a prototype.
 */
export const readBody = (bytes: Uint8Array): AnswerBody => {
  const text = utf8.decode(bytes)
  if (text.trim() === '') return { kind: 'none' }
  if (isTooDeep(text)) return { kind: 'text' }
  try {
    const value: unknown = mayNamePrototype(text)
      ? JSON.parse(text, (key, member: unknown) => (key === '__proto__' ? undefined : member))
      : JSON.parse(text)
    return { kind: 'json', value }
  } catch {
    return { kind: 'text' }
  }
}

/** An escape may spell it too; to look at every member costs three times the parsing, and carriers write neither. */
const mayNamePrototype = (text: string): boolean =>
  text.includes('__proto__') || text.includes('\\')

/** Counted before parsing: brackets inside strings do not count. */
const isTooDeep = (text: string): boolean => {
  let depth = 0
  let inString = false
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index]
    if (inString) {
      if (character === '\\') index += 1
      else if (character === '"') inString = false
    } else if (character === '"') inString = true
    else if (character === '{' || character === '[') {
      depth += 1
      if (depth > depthMax) return true
    } else if (character === '}' || character === ']') depth -= 1
  }
  return false
}
