import type { Request } from 'express'

const commandMethods: ReadonlySet<string> = new Set(['POST', 'PATCH', 'DELETE'])

/**
 * A request for an operation that no other request can name: where it is refused before its command is published,
 * nothing took place. A read, and a press with a key, may be about an operation that an earlier request made.
 */
export const isUnkeyedCommand = (request: Request): boolean =>
  commandMethods.has(request.method) && request.get('idempotency-key') === undefined
