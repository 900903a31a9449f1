import jwt from 'jsonwebtoken'
import type { ClaimNames } from '../auth/claims.ts'
import { secretKeySet } from '../auth/keys.ts'
import type { VerifyRules } from '../auth/verify.ts'

export const secret = 'a-secret-of-at-least-thirty-two-bytes!'

const claimNames: ClaimNames = {
  subject: ['sub'],
  username: ['username', 'name'],
  role: ['roleName', 'rol'],
  roleId: ['roleId'],
  merchant: ['merchant'],
  scope: ['scope'],
}
const keys = secretKeySet(secret)

/** By which the tokens below are good. */
export const verifyRules: VerifyRules = {
  keys: () => keys,
  claimNames,
  clockToleranceMs: 2_000,
  isRevoked: () => false,
  now: () => Date.now(),
}

/** A token as the identity provider issues it; `changes` add, replace or (undefined) remove claims. */
export const aToken = (
  changes: Readonly<Record<string, unknown>> = {},
  signedWith = secret,
  algorithm: jwt.Algorithm = 'HS256',
): string => {
  const seconds = Math.floor(Date.now() / 1_000)
  const claims: Record<string, unknown> = {
    sub: 2,
    username: 'ana',
    roleName: 'Operador',
    roleId: 2,
    iat: seconds,
    exp: seconds + 3_600,
    ...changes,
  }
  const kept = Object.fromEntries(Object.entries(claims).filter(([, claim]) => claim !== undefined))
  return jwt.sign(JSON.stringify(kept), signedWith, { algorithm })
}
