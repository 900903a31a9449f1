import { hiddenInLine, MerchantId, type Role } from '@recargas/contracts'
import { z } from 'zod'
import { scopes, type Scope } from '../api/route.ts'
import type { RefusalReason } from './reasons.ts'

/** The claim names of each field; of several names the first present one counts. */
export type ClaimNames = {
  readonly subject: readonly string[]
  readonly username: readonly string[]
  readonly role: readonly string[]
  readonly roleId: readonly string[]
  readonly merchant: readonly string[]
  readonly scope: readonly string[]
}

/** The claims of a verified token. Times are seconds since 1970, as in the token. */
export type Token = {
  readonly userId: string
  readonly username: string
  readonly role: Role
  readonly merchant: MerchantId | null
  readonly scopes: readonly Scope[]
  /** Null: it can only be revoked by its subject. */
  readonly tokenId: string | null
  readonly expiresAtSeconds: number
  readonly notBeforeSeconds: number | null
  readonly issuedAtSeconds: number | null
}

export type ClaimsRead =
  | { readonly kind: 'read'; readonly token: Token }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }

/** The names and numbers by which existing tokens state a role. */
const roleOfName: ReadonlyMap<string, Role> = new Map([
  ['Administrador', 'Administrador'],
  ['admin', 'Administrador'],
  ['Operador', 'Operador'],
  ['user', 'Operador'],
  ['Usuario', 'Usuario'],
])
const roleOfId: ReadonlyMap<number, Role> = new Map([
  [1, 'Administrador'],
  [2, 'Operador'],
  [3, 'Usuario'],
])

const usernameMax = 120
/** Removes invisible characters from a name, which is only displayed; the token still counts. */
const unreadable = new RegExp(hiddenInLine, 'gu')
const tokenIdMax = 200
/** Year 5138: a later time is a mistake, such as milliseconds. */
const secondsMax = 100_000_000_000

const Seconds = z.number().min(0).max(secondsMax)

/** A user id ends in operation ids, logs and statements: nothing in it may be invisible. */
const Subject = z.union([
  z.int().nonnegative().transform(String),
  z
    .string()
    .max(64)
    .regex(/^[^\p{C}\p{Z}]+$/u),
])

/** A text as RFC 8693 has it, or a list; any other value gives nothing, since a token needs no scope to sell. */
const Scopes = z
  .union([z.string().transform((text) => text.split(' ')), z.array(z.string())])
  .catch([])
  .transform((names) => scopes.filter((scope) => names.includes(scope)))

const Claims = z.object({
  subject: Subject,
  username: z.string().optional(),
  role: z.string().optional(),
  roleId: z.int().optional(),
  merchant: z.string().optional(),
  scope: Scopes,
  jti: z.string().min(1).max(tokenIdMax).optional(),
  exp: Seconds,
  nbf: Seconds.optional(),
  iat: Seconds.optional(),
})

/** Reads the claims of a token with a valid signature. */
export const readClaims = (payload: object, names: ClaimNames): ClaimsRead => {
  const claims = Claims.safeParse(namedClaims(payload, names))
  if (!claims.success) return { kind: 'refused', reason: 'claims' }
  const { subject, username, merchant: named, scope, jti, exp, nbf, iat } = claims.data
  const role = roleOf(claims.data)
  if (role === undefined) return { kind: 'refused', reason: 'role' }
  const merchant = named === undefined ? null : MerchantId.safeParse(named)
  if (merchant?.success === false) return { kind: 'refused', reason: 'merchant' }
  return {
    kind: 'read',
    token: {
      userId: subject,
      username: (username ?? '').replaceAll(unreadable, '').slice(0, usernameMax),
      role,
      merchant: merchant?.data ?? null,
      scopes: scope,
      tokenId: jti ?? null,
      expiresAtSeconds: exp,
      notBeforeSeconds: nbf ?? null,
      issuedAtSeconds: iat ?? null,
    },
  }
}

const namedClaims = (payload: object, names: ClaimNames) => {
  const claims = payload as Readonly<Record<string, unknown>>
  // Own members only: a claim's name may equal an inherited member's.
  const claim = (name: string) => (Object.hasOwn(claims, name) ? claims[name] : undefined)
  const first = (among: readonly string[]) =>
    claim(among.find((name) => Object.hasOwn(claims, name)) ?? '')
  return {
    subject: first(names.subject),
    username: first(names.username),
    role: first(names.role),
    roleId: first(names.roleId),
    merchant: first(names.merchant),
    scope: first(names.scope),
    jti: claim('jti'),
    exp: claim('exp'),
    nbf: claim('nbf'),
    iat: claim('iat'),
  }
}

/** The name counts. A refresh token states neither name nor number: it opens nothing, least of all a till. */
const roleOf = ({ role, roleId }: z.infer<typeof Claims>): Role | undefined =>
  role === undefined ? roleOfId.get(roleId ?? 0) : roleOfName.get(role)
