/** The reasons to refuse a token. Only the log and a metric show them: the sender receives one constant answer. */
export const refusalReasons = [
  'too-long',
  'malformed',
  'header',
  'algorithm',
  'unknown-key',
  'signature',
  'issuer',
  'audience',
  'claims',
  'role',
  'merchant',
  'no-merchant',
  'expired',
  'not-yet-valid',
  'revoked',
] as const
export type RefusalReason = (typeof refusalReasons)[number]
