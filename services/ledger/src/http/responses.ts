import type { Log } from '@recargas/runtime'
import type { ErrorRequestHandler, Request, Router } from 'express'
import { z } from 'zod'

const retryAfterSeconds = 2

/** @returns a function that adds reads to a router: each answers what it finds, or 404 for null */
export const readsOn =
  (router: Router) =>
  (path: string, read: (request: Request) => Promise<unknown>): void => {
    router.get(path, async (request, response) => {
      const found = await read(request)
      if (found === null) response.status(404).json({ code: 'NOT_FOUND' })
      else response.json(found)
    })
  }

/** A question we do not understand is the caller's fault; anything else means the database could not be asked. */
export const errorResponse =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, next) => {
    if (response.headersSent) {
      next(error)
      return
    }
    if (error instanceof z.ZodError) {
      response
        .status(400)
        .json({ code: 'BAD_REQUEST', problems: error.issues.map(({ message }) => message) })
      return
    }
    log.error('read failed', { path: request.path, error })
    response.set('retry-after', String(retryAfterSeconds)).status(503).json({ code: 'UNAVAILABLE' })
  }
