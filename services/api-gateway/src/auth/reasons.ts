/** Why a token was refused. Only the log and a figure ever tell: whoever sent it hears one constant answer. */
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
