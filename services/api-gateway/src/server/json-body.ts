import express, { type Request, type RequestHandler } from 'express'
import { assertNever } from '@recargas/contracts'
import { readJsonText } from '../api/json-text.ts'
import { fieldProblem } from '../api/parse.ts'
import { Problem } from '../api/problem.ts'
import { shorten, unknownField, wrongField } from '../api/wrong-fields.ts'

/** Far more than any client sends: a count by banknote has some twenty members in two levels. */
const limits = { depthMax: 8, partsMax: 200 } as const
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
  throw new Problem('FIELD_INVALID', {}, { detail: 'El cuerpo debe ser un objeto JSON.' })
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
      throw fieldProblem('FIELD_REPEATED', [
        wrongField(shorten(reading.name), 'se envió más de una vez', 'está repetido'),
      ])
    case 'name-refused':
      throw fieldProblem('FIELD_UNKNOWN', [unknownField(reading.name)])
    case 'text-refused':
      throw fieldProblem('FIELD_INVALID', [
        wrongField(shorten(reading.name), 'tiene caracteres que no se admiten'),
      ])
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
