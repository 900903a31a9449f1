import { words } from './words.ts'

/** The cause of a sign-in that failed. */
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

export const faultText = (fault: SignInFault): string => {
  const say = words.value
  switch (fault) {
    case 'insecure':
      return say.insecure
    case 'unreachable':
      return say.issuerDown
    case 'state':
      return say.wrongState
    case 'denied':
      return say.denied
    case 'answer':
      return say.wrongAnswer
    case 'not-accepted':
      return say.notAccepted
    case 'role':
      return say.noRole
  }
}
