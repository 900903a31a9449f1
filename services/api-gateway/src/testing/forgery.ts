import type { RefusalReason } from '../auth/reasons.ts'
import { aKeyPair, secretSigner, type Signer } from './token-fixtures.ts'

/** Name, the token, and why it must be refused: another reason would mean the forgery was clumsier than its name. */
export type Forgery = readonly [name: string, token: string, reason: RefusalReason]

export type Target = {
  /** The real key. */
  readonly signer: Signer
  /** An address of the attacker's that must never be asked. */
  readonly address: string
}

export const issuer = 'https://id.example'
export const audience = 'recargas'

export const seconds = () => Math.floor(Date.now() / 1_000)
export const goodClaims = () => ({
  iss: issuer,
  aud: audience,
  sub: 2,
  username: 'ana',
  roleName: 'Operador',
  roleId: 2,
  iat: seconds(),
  exp: seconds() + 3_600,
})

export const attacker = aKeyPair('RS256', 'stolen')
export const attackerEc = aKeyPair('ES256', 'stolen-ec')
export const guess = secretSigner('a-secret-somebody-guessed-wrong-0123456')
export const noSecret = secretSigner('')
