import type { ProblemCode } from './problem-table.ts'
import { everyRole, type Route } from './route.ts'

/** Answered wherever a token is asked for; NOT_ACCEPTED or NOT_READY while there are no keys to verify it with. */
const guardProblems = [
  'TOKEN_MISSING',
  'TOKEN_INVALID',
  'BAD_REQUEST',
  'QUERY_INVALID',
  'URL_TOO_LONG',
  'TOO_MANY_REQUESTS',
  'NOT_ACCEPTED',
  'NOT_READY',
  'INTERNAL',
] as const satisfies ProblemCode[]

const bodyProblems = [
  'JSON_BROKEN',
  'BODY_TOO_LARGE',
  'BODY_TOO_COMPLEX',
  'UNSUPPORTED_MEDIA_TYPE',
  'FIELD_MISSING',
  'FIELD_INVALID',
  'FIELD_REPEATED',
  'FIELD_UNKNOWN',
] as const satisfies ProblemCode[]

/** Problems of every operation that the ledger carries out under an id of its own. */
const commandProblems = [
  'MERCHANT_NOT_CONFIGURED',
  'IDEMPOTENCY_KEY_INVALID',
  'IDEMPOTENCY_KEY_REUSED',
  'OUTCOME_UNKNOWN',
] as const satisfies ProblemCode[]

/** Every code that a route can answer: its own, and those implied by its inputs and its roles. */
export const problemsOf = ({ roles, scope, contract }: Route): readonly ProblemCode[] => [
  ...new Set<ProblemCode>([
    ...guardProblems,
    ...(everyRole.every((role) => roles.includes(role)) ? [] : (['FORBIDDEN'] as const)),
    ...(scope === undefined ? [] : (['SCOPE_MISSING'] as const)),
    ...(contract.body === undefined ? [] : bodyProblems),
    ...(contract.headers?.includes('Idempotency-Key') ? commandProblems : []),
    ...contract.problems,
  ]),
]

/** Ways an amount can be wrong, whatever its least. */
export const amountProblems = [
  'AMOUNT_NEGATIVE',
  'AMOUNT_TOO_PRECISE',
  'AMOUNT_TOO_LARGE',
] as const satisfies ProblemCode[]
