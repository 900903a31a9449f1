import { createPublicKey, createSecretKey, type KeyObject } from 'node:crypto'
import { z } from 'zod'

export type KeyAlgorithm = 'HS256' | 'RS256' | 'ES256'
export type PublicAlgorithm = Exclude<KeyAlgorithm, 'HS256'>

export type KeyChoice =
  | { readonly kind: 'found'; readonly key: KeyObject; readonly algorithm: KeyAlgorithm }
  | { readonly kind: 'refused'; readonly reason: 'algorithm' | 'unknown-key' }

/** The keys of one moment. A changed set is a new object, so that caches of verified tokens notice it. */
export type KeySet = {
  /** A key serves exactly one algorithm: a token's header only selects among the configured keys. */
  readonly choose: (algorithm: string, keyId: string | undefined) => KeyChoice
}

/** One shared secret, HS256 and nothing else. A key id means nothing to it. */
export const secretKeySet = (secret: string): KeySet => {
  // Created once: for a string the library first tries to read a public key, at every token, a fifth of our CPU time.
  const key = createSecretKey(Buffer.from(secret))
  return {
    choose: (algorithm) =>
      algorithm === 'HS256'
        ? { kind: 'found', key, algorithm }
        : { kind: 'refused', reason: 'algorithm' },
  }
}

const keysMax = 64
const keyIdLengthMax = 200
const rsaBitsMin = 2_048
const rsaBitsMax = 8_192

const PublishedKey = z.object({
  kty: z.string(),
  use: z.string().optional(),
  key_ops: z.array(z.string()).optional(),
  alg: z.string().optional(),
  kid: z.string().min(1).max(keyIdLengthMax).optional(),
  crv: z.string().optional(),
  n: z.string().optional(),
  e: z.string().optional(),
  x: z.string().optional(),
  y: z.string().optional(),
  d: z.unknown().optional(),
})
type PublishedKey = z.infer<typeof PublishedKey>
const PublishedKeys = z.object({ keys: z.array(z.unknown()).max(keysMax) })

type UsableKey = {
  readonly key: KeyObject
  readonly algorithm: PublicAlgorithm
  readonly keyId: string | undefined
}

/**
 * Reads a JWKS document. Keys for other uses, of other algorithms or too weak are passed over.
 * @throws where nothing usable is left, or two keys of one algorithm share an id: the last good set then stands
 */
export const publishedKeySet = (json: string, pinned: readonly PublicAlgorithm[]): KeySet => {
  const usable = PublishedKeys.parse(JSON.parse(json)).keys.flatMap((entry) => {
    const published = PublishedKey.safeParse(entry)
    return published.success ? (usableKey(published.data, pinned) ?? []) : []
  })
  if (usable.length === 0) throw new Error('no usable key in the set')
  const names = usable.map(({ algorithm, keyId }) => `${algorithm} ${keyId ?? ''}`)
  if (new Set(names).size < names.length) throw new Error('two keys of the set share one id')
  return {
    choose: (algorithm, keyId) => {
      if (!pinned.some((name) => name === algorithm))
        return { kind: 'refused', reason: 'algorithm' }
      const candidates = usable.filter((key) => key.algorithm === algorithm)
      // Without an id there must be nothing to choose from.
      const [found, ...others] =
        keyId === undefined ? candidates : candidates.filter((key) => key.keyId === keyId)
      return found === undefined || others.length > 0
        ? { kind: 'refused', reason: 'unknown-key' }
        : { kind: 'found', key: found.key, algorithm: found.algorithm }
    },
  }
}

const usableKey = (
  published: PublishedKey,
  pinned: readonly PublicAlgorithm[],
): UsableKey | null => {
  const { kty, crv, use, key_ops: operations, alg, kid: keyId, d } = published
  const algorithm = kty === 'RSA' ? 'RS256' : kty === 'EC' && crv === 'P-256' ? 'ES256' : null
  const isForThis =
    algorithm !== null &&
    pinned.includes(algorithm) &&
    (alg === undefined || alg === algorithm) &&
    (use === undefined || use === 'sig') &&
    (operations === undefined || operations.includes('verify')) &&
    // A published private key can sign anything for anybody.
    d === undefined
  if (!isForThis) return null
  const key = readKey(published)
  return key === null || !isStrong(key) ? null : { key, algorithm, keyId }
}

const readKey = ({ kty, crv, n, e, x, y }: PublishedKey): KeyObject | null => {
  const members = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
  try {
    return createPublicKey({ key: members as Record<string, string>, format: 'jwk' })
  } catch {
    return null
  }
}

const isStrong = ({ asymmetricKeyDetails }: KeyObject): boolean => {
  const { modulusLength: bits, publicExponent: exponent } = asymmetricKeyDetails ?? {}
  if (bits === undefined) return true // The curve, P-256, was asked for by name.
  return bits >= rsaBitsMin && bits <= rsaBitsMax && exponent !== undefined && exponent > 2n
}
