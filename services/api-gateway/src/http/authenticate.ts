import { createSecretKey } from 'node:crypto'
import { MerchantId, type Role } from '@recargas/contracts'
import jwt from 'jsonwebtoken'
import { z } from 'zod'
import { Problem } from '../edge/problem.ts'
import type { Principal } from '../edge/route.ts'

export type TokenRules = {
  readonly secret: string
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  readonly defaultMerchant?: MerchantId | undefined
  /** Whether anything is sold under that name here. */
  readonly isKnown: (merchant: MerchantId) => boolean
  readonly clockSkewMs: number
  readonly now: () => number
}

/** The access token of the existing system, and one claim of ours: `merchant`. */
const Claims = z.object({
  sub: z.union([z.int().nonnegative().transform(String), z.string().min(1).max(64)]),
  username: z.string().optional(),
  name: z.string().optional(),
  roleName: z.string().optional(),
  roleId: z.int().optional(),
  rol: z.string().optional(),
  merchant: z.string().optional(),
  exp: z.number(),
})
type Claims = z.infer<typeof Claims>

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

/** Verifies `Authorization: Bearer <token>`. Throws {@link Problem}, each cause with its own code. */
export const createAuthenticate = (rules: TokenRules) => {
  const verify = createVerify(rules)
  return (authorization: string | undefined): Principal => {
    const claims = verify(bearerOf(authorization))
    const merchant = merchantOf(claims, rules.defaultMerchant)
    if (!rules.isKnown(merchant)) throw new Problem('MERCHANT_NOT_CONFIGURED')
    return {
      merchant,
      userId: claims.sub,
      username: (claims.username ?? claims.name ?? '').slice(0, usernameMax),
      role: roleOf(claims),
    }
  }
}

const bearerOf = (authorization: string | undefined): string => {
  const match = /^Bearer +([\w.~+/=-]+)$/i.exec(authorization ?? '')
  if (match?.[1] === undefined) {
    throw new Problem('TOKEN_MISSING', {}, { headers: { 'www-authenticate': 'Bearer' } })
  }
  return match[1]
}

const createVerify = ({ secret, issuer, audience, clockSkewMs, now }: TokenRules) => {
  // Made once: from a string the library tries to read a public key first, at every token, a fifth of our CPU time.
  const key = createSecretKey(Buffer.from(secret))
  return (token: string): Claims => {
    let payload: unknown
    try {
      payload = jwt.verify(token, key, {
        // Pinned: the token's own header never chooses how it is verified.
        algorithms: ['HS256'],
        clockTolerance: Math.ceil(clockSkewMs / 1_000),
        clockTimestamp: Math.floor(now() / 1_000),
        ...(issuer === undefined ? {} : { issuer }),
        ...(audience === undefined ? {} : { audience }),
      })
    } catch (cause) {
      throw cause instanceof jwt.TokenExpiredError
        ? refuse('TOKEN_EXPIRED', cause)
        : refuse('TOKEN_INVALID', cause)
    }
    const claims = Claims.safeParse(payload)
    if (!claims.success) throw refuse('TOKEN_INVALID', claims.error)
    return claims.data
  }
}

const refuse = (code: 'TOKEN_EXPIRED' | 'TOKEN_INVALID', cause: unknown): Problem =>
  new Problem(code, {}, { cause, headers: { 'www-authenticate': 'Bearer error="invalid_token"' } })

const merchantOf = (claims: Claims, defaultMerchant: MerchantId | undefined): MerchantId => {
  if (claims.merchant === undefined) {
    if (defaultMerchant === undefined) throw new Problem('TOKEN_WITHOUT_MERCHANT')
    return defaultMerchant
  }
  const merchant = MerchantId.safeParse(claims.merchant)
  if (!merchant.success) throw refuse('TOKEN_INVALID', merchant.error)
  return merchant.data
}

/** A refresh token states no role: it opens nothing. */
const roleOf = ({ roleName, rol, roleId }: Claims): Role => {
  const name = roleName ?? rol
  const role = name === undefined ? roleOfId.get(roleId ?? 0) : roleOfName.get(name)
  if (role === undefined) throw refuse('TOKEN_INVALID', new Error('no known role'))
  return role
}
