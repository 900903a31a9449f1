import jwt from 'jsonwebtoken'
import { z } from 'zod'
import { readClaims, type ClaimNames, type Token } from './claims.ts'
import type { KeySet } from './keys.ts'
import type { RefusalReason } from './reasons.ts'
import { hasRepeatedMember } from './repeated-member.ts'
import { createTokenCache } from './token-cache.ts'

export type Verification =
  | { readonly kind: 'verified'; readonly token: Token }
  | { readonly kind: 'refused'; readonly reason: RefusalReason }
  /** Our fault alone: no set of keys is known, so the token may be valid. */
  | { readonly kind: 'keys-unavailable' }
export type Verify = (token: string) => Verification

export type VerifyRules = {
  /** The keys of this moment; null while there are none, or none that may still be trusted. */
  readonly keys: () => KeySet | null
  readonly issuer?: string | undefined
  readonly audience?: string | undefined
  readonly claimNames: ClaimNames
  readonly clockToleranceMs: number
  readonly isRevoked: (token: Token) => boolean
  readonly now: () => number
}

const tokenLengthMax = 8_192
const cachedMax = 10_000
const shape = /^[\w-]+\.[\w-]+\.[\w-]+$/

/**
 * The allowed header members. A member that names or brings a key, or changes the signed content, is refused and never
 * followed; others are ignored.
 */
const refused = z.never().optional()
const Header = z.object({
  alg: z.string(),
  typ: z
    .string()
    .regex(/^(application\/)?(at\+)?jwt$/i)
    .optional(),
  kid: z.string().min(1).max(200).optional(),
  crit: refused,
  b64: refused,
  jwk: refused,
  jku: refused,
  x5c: refused,
  x5u: refused,
  zip: refused,
  enc: refused,
})

/**
 * Verifies access tokens. A valid signature is cached while the same keys are in force; the expiry and the revocations are
 * checked every time. Never touches the network.
 */
export const createVerify = (rules: VerifyRules): Verify => {
  const cache = createTokenCache<{ readonly token: Token; readonly keys: KeySet }>(cachedMax)
  return (text) => {
    if (text.length > tokenLengthMax) return { kind: 'refused', reason: 'too-long' }
    const keys = rules.keys()
    const cached = cache.get(text)
    if (cached !== undefined && cached.keys === keys) return checkNow(cached.token, rules)
    const checked = checkSignature(text, keys, rules)
    if (checked.kind !== 'verified' || keys === null) return checked
    const { token } = checked
    const result = checkNow(token, rules)
    // Only valid tokens are cached: a flood of forged tokens cannot evict real ones.
    if (result.kind === 'verified') cache.set(text, { token, keys })
    return result
  }
}

const checkSignature = (text: string, keys: KeySet | null, rules: VerifyRules): Verification => {
  const parts = text.split('.')
  const [header, payload] = parts.map(decode)
  if (!shape.test(text) || !parts.every(isCanonical) || header == null || payload == null) {
    return { kind: 'refused', reason: 'malformed' }
  }
  const read = Header.safeParse(header.value)
  if (!read.success || hasRepeatedMember(header.json)) return { kind: 'refused', reason: 'header' }
  if (keys === null) return { kind: 'keys-unavailable' }
  const choice = keys.choose(read.data.alg, read.data.kid)
  if (choice.kind === 'refused') return choice
  try {
    jwt.verify(text, choice.key, {
      // Pinned to the key's algorithm: the token's own header never chooses the verification.
      algorithms: [choice.algorithm],
      // Expiry is checked below, at every use and not only at the first.
      ignoreExpiration: true,
      ignoreNotBefore: true,
      ...(rules.issuer === undefined ? {} : { issuer: rules.issuer }),
      ...(rules.audience === undefined ? {} : { audience: rules.audience }),
    })
  } catch (error) {
    return { kind: 'refused', reason: reasonOf(error) }
  }
  if (hasRepeatedMember(payload.json)) return { kind: 'refused', reason: 'claims' }
  const claims = readClaims(payload.value, rules.claimNames)
  return claims.kind === 'read' ? { kind: 'verified', token: claims.token } : claims
}

/** Checks the facts that may have changed since the signature was verified. */
const checkNow = (
  token: Token,
  { clockToleranceMs, isRevoked, now }: VerifyRules,
): Verification => {
  const earliest = (now() - clockToleranceMs) / 1_000
  const latest = (now() + clockToleranceMs) / 1_000
  if (earliest >= token.expiresAtSeconds) return { kind: 'refused', reason: 'expired' }
  if (
    (token.notBeforeSeconds !== null && token.notBeforeSeconds > latest) ||
    (token.issuedAtSeconds !== null && token.issuedAtSeconds > latest)
  ) {
    return { kind: 'refused', reason: 'not-yet-valid' }
  }
  if (isRevoked(token)) return { kind: 'refused', reason: 'revoked' }
  return { kind: 'verified', token }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** The JSON object in a part of a token; null when there is none. */
const decode = (part: string): { readonly json: string; readonly value: object } | null => {
  try {
    const json = utf8.decode(Buffer.from(part, 'base64url'))
    const value: unknown = JSON.parse(json)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? { json, value } : null
  } catch {
    return null
  }
}

/** Spare bits in the last letter would let one signed token be written in several ways. */
const isCanonical = (part: string): boolean =>
  Buffer.from(part, 'base64url').toString('base64url') === part

const reasonOf = (error: unknown): RefusalReason => {
  const message = error instanceof jwt.JsonWebTokenError ? error.message : ''
  if (message.startsWith('jwt issuer')) return 'issuer'
  if (message.startsWith('jwt audience')) return 'audience'
  return 'signature'
}
