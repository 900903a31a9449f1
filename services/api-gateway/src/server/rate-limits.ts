import type { Request, RequestHandler, Response } from 'express'
import { ipKeyGenerator, rateLimit } from 'express-rate-limit'
import { Problem } from '../api/problem.ts'
import type { Principal } from '../api/route.ts'

export type Rates = {
  readonly windowMs: number
  /** Requests of one person in a window. */
  readonly subjectMax: number
  /** Requests of one address in a window, by any user; a shop's tills may share one. */
  readonly addressMax: number
}

/** Before the token is looked at, so that guessing tokens is limited too. */
export const limitByAddress = ({ windowMs, addressMax }: Rates): RequestHandler =>
  limitBy('address', windowMs, addressMax, ({ ip = '' }) => ipKeyGenerator(ip))

/** After the token: one person's flood is no other's, though they share an address. */
export const limitBySubject = ({ windowMs, subjectMax }: Rates): RequestHandler =>
  limitBy('subject', windowMs, subjectMax, (_request, { locals }) => {
    const { merchant, userId } = locals['principal'] as Principal
    return `${merchant} ${userId}`
  })

const limitBy = (
  identifier: string,
  windowMs: number,
  limit: number,
  keyGenerator: (request: Request, response: Response) => string,
): RequestHandler =>
  rateLimit({
    windowMs,
    limit,
    identifier,
    keyGenerator,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    // express-rate-limit would check the deployment at the first request, on the console; TRUSTED_PROXIES is checked at the
    // start.
    validate: false,
    handler: (request, response, next) => {
      const afterSeconds = String(response.getHeader('retry-after') ?? 1)
      const facts = isUnkeyedCommand(request) ? { unkeyed: 1 } : {}
      next(new Problem('TOO_MANY_REQUESTS', facts, { headers: { 'retry-after': afterSeconds } }))
    },
  })

const commandMethods: ReadonlySet<string> = new Set(['POST', 'PATCH', 'DELETE'])

/**
 * A request for an operation that no other request can name: where it is refused before its command is published,
 * nothing took place. A read, and a press with a key, may be about an operation that an earlier request made.
 */
export const isUnkeyedCommand = (request: Request): boolean =>
  commandMethods.has(request.method) && request.get('idempotency-key') === undefined
