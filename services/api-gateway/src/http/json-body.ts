import express, { type RequestHandler } from 'express'
import { Problem } from '../edge/problem.ts'

/** Bodies are small JSON objects in UTF-8, uncompressed; no body counts as an empty one. */
export const jsonBody = (bytesMax: number): readonly RequestHandler[] => [
  (request, _response, next) => {
    const isEmpty = request.get('content-length') === '0'
    // `null` means that there is no body at all.
    if (!isEmpty && request.is('application/json') === false)
      throw new Problem('UNSUPPORTED_MEDIA_TYPE')
    next()
  },
  express.json({ limit: bytesMax, strict: false, inflate: false }),
  (request, _response, next) => {
    const body: unknown = request.body
    if (body !== undefined && (typeof body !== 'object' || body === null || Array.isArray(body))) {
      throw new Problem('FIELD_INVALID', {}, { message: 'El cuerpo debe ser un objeto JSON.' })
    }
    next()
  },
]
