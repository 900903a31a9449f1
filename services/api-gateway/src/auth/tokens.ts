import { figuresOf, type Log } from '@recargas/runtime'
import type { Counter, Registry } from 'prom-client'
import type { GatewaySettings } from '../config.ts'
import type { Clock } from '../commands/send-and-await.ts'
import { createAuthenticate, type Authenticate } from './authenticate.ts'
import type { ClaimNames } from './claims.ts'
import { pollSource, type PolledSource } from './polled-source.ts'
import { publishedKeySet, secretKeySet, type KeySet } from './keys.ts'
import { createTextReader } from './read-text.ts'
import { refusalReasons } from './reasons.ts'
import { readRevocations, type Revocations } from './revocations.ts'
import { createVerify } from './verify.ts'

type Deps = {
  readonly settings: Pick<
    GatewaySettings,
    'DEFAULT_MERCHANT' | Extract<keyof GatewaySettings, `JWT_${string}`>
  >
  readonly clock: Clock
  readonly log: Log
  readonly registry: Registry
}

export type Tokens = {
  readonly authenticate: Authenticate
  /** For /ready: true when a token could be verified now. */
  readonly state: () => { readonly ready: boolean; readonly reason: string | null }
  readonly close: () => Promise<void>
}

type Source<Value> = {
  readonly last: PolledSource<Value>['last']
  readonly close: () => Promise<void>
}

const jwksRetryMs = 5_000
const jwksLimits = { timeoutMs: 5_000, bytesMax: 262_144 }
/** With the longest interval this keeps the promise that a revocation counts within 5 s. */
const revocationLimits = { timeoutMs: 2_000, bytesMax: 16 * 1024 * 1024 }

/**
 * Everything that decides which tokens count: keys, rules, revocations.
 * @throws when a configured revocation list cannot be read: the revoked tokens would be unknown
 */
export const createTokens = async ({ settings, clock, log, registry }: Deps): Promise<Tokens> => {
  const jwks = await pollJwks(settings, clock, log)
  const revocations = await pollRevocations(settings, clock, log)
  const keys = keysOf(settings, clock, jwks)
  const sources = { jwks, revocations }
  const refusals = createTokenMetrics(registry, clock, sources)
  const verify = createVerify({
    keys,
    issuer: settings.JWT_ISSUER,
    audience: settings.JWT_AUDIENCE,
    claimNames: claimNamesOf(settings),
    clockToleranceMs: settings.JWT_CLOCK_TOLERANCE_MS,
    isRevoked: (token) => revocations?.last()?.value.includes(token) ?? false,
    now: clock.now,
  })
  return {
    authenticate: createAuthenticate({
      verify,
      defaultMerchant: settings.DEFAULT_MERCHANT,
      report: (reason) => refusals.inc({ reason }),
    }),
    state: () =>
      keys() === null
        ? { ready: false, reason: 'no keys to verify tokens with: see JWT_JWKS_URI' }
        : { ready: true, reason: null },
    close: async () => {
      await Promise.all([jwks?.close(), revocations?.close()])
    },
  }
}

export const claimNamesOf = (settings: Deps['settings']): ClaimNames => ({
  subject: settings.JWT_CLAIM_SUBJECT,
  username: settings.JWT_CLAIM_USERNAME,
  role: settings.JWT_CLAIM_ROLE,
  roleId: settings.JWT_CLAIM_ROLE_ID,
  merchant: settings.JWT_CLAIM_MERCHANT,
  scope: settings.JWT_CLAIM_SCOPE,
})

const keysOf = (
  { JWT_SECRET: secret, JWT_JWKS_GRACE_MS: graceMs }: Deps['settings'],
  clock: Clock,
  jwks: Source<KeySet> | null,
): (() => KeySet | null) => {
  if (secret !== undefined) {
    const keys = secretKeySet(secret)
    return () => keys
  }
  return () => {
    const last = jwks?.last() ?? null
    return last !== null && clock.now() - last.seenAt <= graceMs ? last.value : null
  }
}

/** Read at the start and then by the clock alone: no token, whatever key it names, makes us ask. */
const pollJwks = async (settings: Deps['settings'], clock: Clock, log: Log) => {
  const { JWT_JWKS_URI: address, JWT_ALGORITHMS: pinned } = settings
  if (address === undefined) return null
  const reader = createTextReader(address, jwksLimits)
  const followed = pollSource({
    read: reader.read,
    parse: (json) => publishedKeySet(json, pinned),
    clock,
    everyMs: settings.JWT_JWKS_REFRESH_MS,
    retryMs: Math.min(settings.JWT_JWKS_REFRESH_MS, jwksRetryMs),
    onChange: () => log.info('token keys read'),
    onTrouble: (error) => log.warn('token keys cannot be read', { error }),
  })
  await followed.looked
  return closable(followed, reader.close)
}

const pollRevocations = async (
  settings: Deps['settings'],
  clock: Clock,
  log: Log,
): Promise<Source<Revocations> | null> => {
  const address = settings.JWT_REVOCATIONS_URI
  if (address === undefined) return null
  const reader = createTextReader(address, revocationLimits)
  let trouble: unknown
  const followed = pollSource({
    read: reader.read,
    parse: readRevocations,
    clock,
    everyMs: settings.JWT_REVOCATIONS_EVERY_MS,
    retryMs: settings.JWT_REVOCATIONS_EVERY_MS,
    onChange: ({ count }) => log.info('revocation list read', { count }),
    onTrouble: (error) => {
      trouble = error
      log.warn('revocation list cannot be read', { error })
    },
  })
  await followed.looked
  const source = closable(followed, reader.close)
  if (source.last() !== null) return source
  await source.close()
  throw new Error('JWT_REVOCATIONS_URI cannot be read', { cause: trouble })
}

const closable = <Value>(
  followed: PolledSource<Value>,
  close: () => Promise<void>,
): Source<Value> => ({
  last: followed.last,
  close: () => {
    followed.stop()
    return close()
  },
})

const createTokenMetrics = (
  registry: Registry,
  clock: Clock,
  sources: Readonly<Record<'jwks' | 'revocations', Source<unknown> | null>>,
): Counter<'reason'> => {
  const { counter, gauge } = figuresOf(registry)
  const refusals = counter(
    'gateway_token_refused_total',
    'Tokens refused, by reason; the answer never contains it',
    ['reason'],
  )
  for (const reason of refusalReasons) refusals.inc({ reason }, 0)
  gauge(
    'gateway_token_source_age_seconds',
    'Time since the keys or the revocation list were last read successfully',
    ['source'],
    function () {
      for (const [source, followed] of Object.entries(sources)) {
        const last = followed?.last() ?? null
        if (last !== null) this.set({ source }, (clock.now() - last.seenAt) / 1_000)
      }
    },
  )
  return refusals
}
