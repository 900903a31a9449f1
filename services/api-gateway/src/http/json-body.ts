import express, { type Request, type RequestHandler } from 'express'
import { assertNever, hiddenCharacter } from '@recargas/contracts'
import { readJsonText } from '../edge/json-text.ts'
import { Problem } from '../edge/problem.ts'

/** Far above what any client sends: a count by banknote has some twenty members in two levels. */
const limits = { depthMax: 8, partsMax: 200 } as const
const nameShownMax = 60
const hiddenCharacters = new RegExp(hiddenCharacter, 'gu')
const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Bodies are small JSON objects in UTF-8, uncompressed; no body counts as an empty one. */
export const jsonBody = (bytesMax: number): readonly RequestHandler[] => [
  (request, _response, next) => {
    const isEmpty = request.get('content-length') === '0'
    // `null` means that there is no body at all.
    if (!isEmpty && (request.is('application/json') === false || !isUtf8(request))) {
      throw new Problem('UNSUPPORTED_MEDIA_TYPE')
    }
    next()
  },
  // As bytes: a parser that hands on numbers only has already rounded them.
  express.raw({ type: 'application/json', limit: bytesMax, inflate: false }),
  (request, _response, next) => {
    const bytes: unknown = request.body
    request.body = Buffer.isBuffer(bytes) && bytes.length > 0 ? readObject(bytes) : undefined
    next()
  },
]

const isUtf8 = (request: Request): boolean => {
  const charset = /;\s*charset\s*=\s*"?([^\s;"]*)/i.exec(request.get('content-type') ?? '')?.[1]
  return charset === undefined || charset.toLowerCase() === 'utf-8'
}

const readObject = (bytes: Buffer): object => {
  const value = readJson(bytes)
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw new Problem('FIELD_INVALID', {}, { message: 'El cuerpo debe ser un objeto JSON.' })
}

const readJson = (bytes: Buffer): unknown => {
  const reading = readJsonText(decode(bytes), limits)
  switch (reading.kind) {
    case 'ok':
      return reading.value
    case 'broken':
      throw new Problem('JSON_BROKEN')
    case 'too-complex':
      throw new Problem('BODY_TOO_COMPLEX')
    case 'repeated':
      throw aboutField('FIELD_REPEATED', reading.name, 'está repetido')
    case 'name-refused':
      throw aboutField('FIELD_UNKNOWN', reading.name, 'no se admite')
    case 'text-refused':
      throw aboutField('FIELD_INVALID', reading.name, 'tiene caracteres que no se admiten')
    default:
      return assertNever(reading)
  }
}

const decode = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Problem('JSON_BROKEN')
  }
}

const aboutField = (
  code: 'FIELD_REPEATED' | 'FIELD_UNKNOWN' | 'FIELD_INVALID',
  name: string,
  sentence: string,
): Problem => {
  const visible = name.replaceAll(hiddenCharacters, '\uFFFD')
  const shown = visible.length > nameShownMax ? `${visible.slice(0, nameShownMax)}…` : visible
  return new Problem(code, {}, { message: [`${shown} ${sentence}`], members: { campo: shown } })
}
