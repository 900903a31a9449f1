import { MerchantId } from '@recargas/contracts'
import { z } from 'zod'
import type { Token } from './claims.ts'

const entriesMax = 100_000

const RevokedSubject = z.strictObject({
  sub: z.union([z.int().nonnegative().transform(String), z.string().min(1).max(64)]),
  /** Only tokens that name this merchant; without it, the subject wherever it works. */
  merchant: MerchantId.optional(),
  /** Only tokens issued before this moment, so that a new log-in works again; without it, every token. */
  before: z.iso
    .datetime({ offset: true })
    .transform((text) => Date.parse(text))
    .optional(),
})
type RevokedSubject = z.infer<typeof RevokedSubject>

/** Strict: a misspelt member would revoke nothing, without an error. */
const RevocationList = z.strictObject({
  jti: z.array(z.string().min(1).max(200)).max(entriesMax).default([]),
  subjects: z.array(RevokedSubject).max(entriesMax).default([]),
})

export type Revocations = {
  readonly count: number
  readonly includes: (token: Token) => boolean
}

/** Reads `{"jti": ["..."], "subjects": [{"sub": 7, "merchant": "bogota", "before": "2026-01-05T12:00:00Z"}]}`. Throws. */
export const readRevocations = (json: string): Revocations => {
  const { jti, subjects } = RevocationList.parse(JSON.parse(json))
  const tokenIds = new Set(jti)
  const bySubject = new Map<string, RevokedSubject[]>()
  for (const revoked of subjects) {
    const known = bySubject.get(revoked.sub)
    if (known === undefined) bySubject.set(revoked.sub, [revoked])
    else known.push(revoked)
  }
  return {
    count: jti.length + subjects.length,
    includes: (token) =>
      (token.tokenId !== null && tokenIds.has(token.tokenId)) ||
      (bySubject.get(token.userId) ?? []).some((revoked) => covers(revoked, token)),
  }
}

/** A missing claim counts against the token: without merchant or time of issue it is covered. */
const covers = ({ merchant, before }: RevokedSubject, token: Token): boolean =>
  (merchant === undefined || token.merchant === null || token.merchant === merchant) &&
  (before === undefined || token.issuedAtSeconds === null || token.issuedAtSeconds * 1_000 < before)
