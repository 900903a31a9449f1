/** The cause of a sign-in that failed; each has its sentence in the words. */
export type SignInFault =
  /** The page came without https: the browser has no cryptography for it. */
  | 'insecure'
  /** The issuer does not answer. */
  | 'unreachable'
  /** The answer belongs to another sign-in, or to none of this tab. */
  | 'state'
  /** The issuer did not sign the person in. */
  | 'denied'
  /** The issuer's answer breaks the protocol. */
  | 'answer'
  /** The gateway refuses the issuer's token. */
  | 'not-accepted'
  /** The token names no role of this system. */
  | 'role'
