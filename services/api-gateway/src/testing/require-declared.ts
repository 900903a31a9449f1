import { z } from 'zod'
import type { ReplyHeader, DeclaredReply } from '../api/contract.ts'
import { problemTable, type ProblemCode } from '../api/problem-table.ts'
import { problemsOf } from '../api/problems-of.ts'
import type { Route } from '../api/route.ts'
import { ProblemBody } from '../api/wire.ts'
import { replyName } from '../openapi/operation.ts'

const replyHeaders: readonly ReplyHeader[] = [
  'Age',
  'Link',
  'Location',
  'Preference-Applied',
  'Retry-After',
  'X-Desactualizado',
  'X-Total-Count',
]

/**
 * Throws when an answer differs from its route's contract: another status, code, header or body. So every test of the API also
 * proves the API's description.
 */
export const createRequireDeclared = (routes: readonly Route[]) => {
  /** Each answer that was seen, as it was first given. */
  const seen = new Map<string, string>()
  const patterns = routes.map((route) => ({
    route,
    pattern: new RegExp(`^${route.path.replaceAll(/:\w+/g, '[^/]+')}/?$`, 'i'),
  }))
  const requireDeclared = (method: string, url: string, response: Response, text: string): void => {
    const path = url.split('?')[0] ?? ''
    const found = patterns.find(
      ({ route, pattern }) => route.method === method.toLowerCase() && pattern.test(path),
    )
    if (found === undefined) return
    const { route } = found
    const name = `${method} ${route.path} ${response.status}`
    // The path's answer, not this route's.
    if (response.status === 405) return
    if (response.status >= 400) requireDeclaredProblem(name, route, text)
    else {
      const documented = replyName(route, requireDeclaredReply(name, route, response, text))
      if (!seen.has(documented)) seen.set(documented, text)
    }
  }
  return Object.assign(requireDeclared, { seen })
}

const requireDeclaredProblem = (name: string, route: Route, text: string): void => {
  const problem = ProblemBody.parse(JSON.parse(text))
  const code = problem.code as ProblemCode
  if (!problemsOf(route).includes(code)) throw new Error(`${name}: its contract lacks ${code}`)
  if (problemTable[code].status !== problem.status) throw new Error(`${name}: ${code} has another`)
}

const requireDeclaredReply = (
  name: string,
  route: Route,
  response: Response,
  text: string,
): DeclaredReply => {
  const type = response.headers.get('content-type')?.split(';')[0] ?? null
  const documented = route.contract.replies.find(
    (reply) =>
      reply.status === response.status &&
      (reply.body === undefined ? type === null : (reply.type ?? 'application/json') === type),
  )
  if (documented === undefined)
    throw new Error(`${name}: its contract tells of no such answer (${type})`)
  const more = replyHeaders.filter(
    (header) => response.headers.has(header) && !documented.headers?.includes(header),
  )
  if (more.length > 0) throw new Error(`${name}: its contract lacks the header ${more.join(', ')}`)
  if (documented.body === undefined) return documented
  const parsed = documented.body.safeParse(type === 'application/json' ? JSON.parse(text) : text)
  if (!parsed.success) throw new Error(`${name}: ${z.prettifyError(parsed.error)}\n${text}`)
  return documented
}
