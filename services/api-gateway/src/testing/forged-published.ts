import { createPublicKey, sign } from 'node:crypto'
import { attacker, attackerEc, goodClaims, type Forgery, type Target } from './forgery.ts'
import { secretSigner, signToken } from './token-fixtures.ts'

/** Forgeries that need published keys, which everybody has. */
export const forgedWithPublishedKeys = (
  { signer }: Target,
  published: {
    readonly rsaPem: string
    readonly ecPem: string
    readonly rsaKid: string
    readonly ecKid: string
  },
): readonly Forgery[] => {
  const rsa = createPublicKey(published.rsaPem)
  const ofSecret = (secret: string | Buffer, kid: string | undefined = published.rsaKid) =>
    signToken(secretSigner(secret), goodClaims(), { kid })
  const pss = (input: string) =>
    sign('sha256', Buffer.from(input), { key: attacker.key, padding: 6, saltLength: 32 })
  return [
    ['HS256 with the RSA key as secret', ofSecret(published.rsaPem), 'algorithm'],
    ['HS256 with the RSA key, trimmed', ofSecret(published.rsaPem.trim()), 'algorithm'],
    [
      'HS256 with the RSA key in PKCS 1',
      ofSecret(rsa.export({ type: 'pkcs1', format: 'pem' })),
      'algorithm',
    ],
    [
      'HS256 with the RSA key in bytes',
      ofSecret(rsa.export({ type: 'spki', format: 'der' })),
      'algorithm',
    ],
    [
      'HS256 with the RSA key as JSON',
      ofSecret(JSON.stringify(rsa.export({ format: 'jwk' }))),
      'algorithm',
    ],
    [
      'HS256 with the modulus',
      ofSecret(Buffer.from(rsa.export({ format: 'jwk' }).n ?? '', 'base64url')),
      'algorithm',
    ],
    ['HS256 with the EC key as secret', ofSecret(published.ecPem, published.ecKid), 'algorithm'],
    ['HS256 with an empty secret and no kid', ofSecret('', undefined), 'algorithm'],
    [
      'PS256 by another key',
      signToken({ ...attacker.signer, signature: pss }, goodClaims(), {
        alg: 'PS256',
        kid: published.rsaKid,
      }),
      'algorithm',
    ],
    [
      'RS256 under the kid of the EC key',
      signToken(attacker.signer, goodClaims(), { kid: published.ecKid }),
      'unknown-key',
    ],
    [
      'ES256 under the kid of the RSA key',
      signToken(attackerEc.signer, goodClaims(), { kid: published.rsaKid }),
      'unknown-key',
    ],
    [
      'signed by ours under another kid',
      signToken(signer, goodClaims(), { kid: 'rotated' }),
      'unknown-key',
    ],
    [
      'signed by ours with no kid, where there are several',
      signToken(signer, goodClaims(), { kid: undefined }),
      'unknown-key',
    ],
  ]
}
