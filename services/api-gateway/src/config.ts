import { readFileSync } from 'node:fs'
import { MerchantId, readCatalogueText, type CatalogueReading } from '@recargas/contracts'
import {
  commonSettings,
  crashAtSetting,
  crashesInTestsOnly,
  flag,
  port,
  readConfigOrExit,
} from '@recargas/runtime'
import { z } from 'zod'

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
const ms = (fallback: number, least: number, most: number) => whole(least, most).default(fallback)

const secretBytesMin = 32

const networkName = z.enum(['loopback', 'linklocal', 'uniquelocal'])

const claimNames = (fallback: string) =>
  z
    .string()
    .default(fallback)
    .transform((text) => text.split(','))
    .pipe(z.array(z.string().regex(/^[\w:/.-]{1,100}$/, 'not the name of a claim')).max(5))

const Algorithms = z
  .string()
  .default('RS256,ES256')
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(['RS256', 'ES256'])).min(1))

/** An address without a password in it: it is named in logs. */
const address = (protocols: RegExp) =>
  z
    .url({ protocol: protocols })
    .refine((text) => !URL.canParse(text) || new URL(text).password === '', 'holds a password')

/** The catalogue itself, read and checked at the start: a shop cannot sell from a file that is wrong. */
const CatalogueFile = z.string().transform((path, context) => {
  const reading = readFile(path)
  if (reading.kind === 'ok') return { path, catalogue: reading.catalogue }
  for (const message of reading.problems) context.addIssue({ code: 'custom', message })
  return z.NEVER
})

const readFile = (path: string): CatalogueReading => {
  try {
    return readCatalogueText(readFileSync(path, 'utf8'))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return { kind: 'wrong', problems: [`cannot read the file (${code ?? String(error)})`] }
  }
}

const Origins = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((origin) => origin.trim() || []))
  .pipe(
    z.array(
      z
        .string()
        .refine(
          (origin) => origin === '*' || (URL.canParse(origin) && new URL(origin).origin === origin),
          'not an origin such as https://pos.example',
        ),
    ),
  )

/** Addresses, networks or names of networks, as Express knows them. */
const Proxies = z
  .string()
  .default('')
  .transform((text) => text.split(',').flatMap((proxy) => proxy.trim() || []))
  .pipe(z.array(z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6(), networkName])))

/** Every setting of the service, with its bounds. */
export const GatewaySettings = z
  .object({
    ...commonSettings,
    PORT: port(3000),
    /** HS256. Either this or JWT_JWKS_URI: two families of keys invite taking one for the other. */
    JWT_SECRET: z
      .string()
      .refine((secret) => Buffer.byteLength(secret) >= secretBytesMin, 'at least 32 bytes')
      .optional(),
    /** Public keys, read at the start and at each refresh; never because of a token. */
    JWT_JWKS_URI: address(/^https?$/).optional(),
    /** Algorithms allowed with those keys. */
    JWT_ALGORITHMS: Algorithms,
    /** The longest that a new key is unknown and a withdrawn one still counts. */
    JWT_JWKS_REFRESH_MS: ms(60_000, 1_000, 3_600_000),
    /** Time that the last good keys stay valid while their address is down. */
    JWT_JWKS_GRACE_MS: ms(86_400_000, 60_000, 604_800_000),
    JWT_ISSUER: z.string().min(1).optional(),
    JWT_AUDIENCE: z.string().min(1).optional(),
    JWT_CLOCK_TOLERANCE_MS: ms(2_000, 0, 300_000),
    /** Claim names, comma-separated; of several the first present one counts. */
    JWT_CLAIM_SUBJECT: claimNames('sub'),
    JWT_CLAIM_USERNAME: claimNames('username,name'),
    JWT_CLAIM_ROLE: claimNames('roleName,rol'),
    JWT_CLAIM_ROLE_ID: claimNames('roleId'),
    JWT_CLAIM_MERCHANT: claimNames('merchant'),
    JWT_CLAIM_SCOPE: claimNames('scope'),
    /** Tokens and subjects that no longer count: a list all gateways read, as file:///path or http(s). */
    JWT_REVOCATIONS_URI: address(/^(https?|file)$/).optional(),
    JWT_REVOCATIONS_EVERY_MS: ms(1_000, 100, 2_500),
    /** Issuer (OpenID Connect) at which the shop's screen signs a person in; without it a token opens the screen. */
    OIDC_ISSUER: address(/^https?$/).optional(),
    /** The screen's name at that issuer: a public client, without a secret. */
    OIDC_CLIENT_ID: z.string().min(1).max(200).optional(),
    /** Scopes that the screen asks for. Some issuers renew an access only where `offline_access` is among them. */
    OIDC_SCOPE: z
      .string()
      .regex(/^openid( [\w:/.-]{1,100}){0,20}$/, 'not openid, followed by further scopes')
      .default('openid'),
    /** The merchant of a token without the merchant claim; without it such a token is refused. */
    DEFAULT_MERCHANT: MerchantId.optional(),
    LEDGER_URL: z.url({ protocol: /^https?$/ }),
    ADAPTER_URL: z.url({ protocol: /^https?$/ }),
    CATALOGUE_PATH: CatalogueFile,
    /** Time after its request in which the ledger may still accept a command. */
    ACCEPT_UNTIL_MS: ms(10_000, 100, 60_000),
    CLOCK_SKEW_MS: ms(2_000, 0, 60_000),
    /** Time after which an operation without any trace is given up. */
    NOT_ACCEPTED_AFTER_MS: ms(15_000, 100, 120_000),
    /** Time to wait for the outcome of a top-up that the ledger holds. */
    SETTLEMENT_WAIT_MS: ms(25_000, 100, 120_000),
    /** Silence of the ledger after which it is asked, and how often then; more where outcomes take longer. */
    POLL_AFTER_MS: ms(2_000, 10, 60_000),
    POLL_EVERY_MS: ms(1_000, 10, 60_000),
    /**
     * Silence after which a service counts as down. Each sends a heartbeat every second; a restart must fit into it, since
     * sales wait for a service that comes back and are refused at once while no instance lives.
     */
    SILENT_AFTER_MS: ms(8_000, 2_000, 60_000),
    /** Requests that wait for the ledger in this process; more are answered 503 at once. */
    WAITING_MAX: whole(1, 100_000).default(5_000),
    /** Clients that listen to /eventos at once; more get 503 and ask from time to time. */
    EVENT_STREAMS_MAX: whole(0, 100_000).default(1_000),
    BODY_BYTES_MAX: whole(1_024, 1_048_576).default(16_384),
    LEDGER_CONNECTIONS: whole(1, 1_000).default(32),
    LEDGER_TIMEOUT_MS: ms(5_000, 10, 60_000),
    OPERATOR_MAY_INJECT: flag(false),
    /** A receipt shows the last two digits of the customer's number alone. */
    RECEIPT_MASKS_NUMBER: flag(false),
    /** A decision on a sale in review counts only once a second Administrador has taken the same. */
    RESOLVE_FOUR_EYES: flag(false),
    /** Requests of one person, and of one address, that are answered in each window; the others get 429. */
    RATE_WINDOW_MS: ms(5_000, 100, 3_600_000),
    RATE_SUBJECT_MAX: whole(1, 1_000_000).default(150),
    RATE_ADDRESS_MAX: whole(1, 1_000_000).default(1_500),
    /** Time limits for a client: for a request's head, for all of it, and between two requests. */
    HEADERS_TIMEOUT_MS: ms(5_000, 100, 60_000),
    REQUEST_TIMEOUT_MS: ms(10_000, 100, 120_000),
    KEEP_ALIVE_TIMEOUT_MS: ms(65_000, 100, 600_000),
    CONNECTIONS_MAX: whole(1, 100_000).default(5_000),
    CONNECTIONS_PER_ADDRESS_MAX: whole(1, 100_000).default(1_000),
    /** Proxies in front, comma-separated, whose X-Forwarded-For gives the client's address; empty means none. */
    TRUSTED_PROXIES: Proxies,
    /** Origins of browsers that may call, comma-separated; empty means none. */
    CORS_ORIGINS: Origins,
    /** A port of its own for /metrics, /docs and /openapi.json, which the API's port then has no more. */
    OPERATIONS_PORT: z.coerce.number().int().min(1).max(65_535).optional(),
    /** Folder of the built screen that /tienda serves; without it the one that web/ builds. */
    SCREEN_PATH: z.string().min(1).optional(),
    /** Switches for /docs with /openapi.json, and for /metrics. */
    API_DOCS: flag(true),
    API_METRICS: flag(true),
    /** For tests only: where this process kills itself. */
    CRASH_AT: crashAtSetting('gateway'),
  })
  .refine(...crashesInTestsOnly)
  .refine(
    (settings) =>
      settings.NOT_ACCEPTED_AFTER_MS > settings.ACCEPT_UNTIL_MS + settings.CLOCK_SKEW_MS,
    {
      path: ['NOT_ACCEPTED_AFTER_MS'],
      error:
        'must exceed ACCEPT_UNTIL_MS and CLOCK_SKEW_MS together, else no refusal by time can be heard',
    },
  )
  .refine(
    ({ HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS }) => REQUEST_TIMEOUT_MS >= HEADERS_TIMEOUT_MS,
    {
      path: ['REQUEST_TIMEOUT_MS'],
      error: 'must not be below HEADERS_TIMEOUT_MS, which is a part of it',
    },
  )
  .refine(
    ({ DEFAULT_MERCHANT, CATALOGUE_PATH }) =>
      DEFAULT_MERCHANT === undefined ||
      CATALOGUE_PATH.catalogue.merchants[DEFAULT_MERCHANT] !== undefined,
    { path: ['DEFAULT_MERCHANT'], error: 'is not in the catalogue' },
  )
  .refine(
    ({ JWT_SECRET, JWT_JWKS_URI }) => (JWT_SECRET === undefined) !== (JWT_JWKS_URI === undefined),
    {
      path: ['JWT_SECRET'],
      error: 'either this or JWT_JWKS_URI must be given, and not both',
      // Reported along with every other missing setting.
      when: ({ value }) => typeof value === 'object',
    },
  )
  .refine(
    ({ OIDC_ISSUER, OIDC_CLIENT_ID, JWT_JWKS_URI, JWT_ISSUER, JWT_AUDIENCE }) =>
      OIDC_ISSUER === undefined ||
      (OIDC_CLIENT_ID !== undefined &&
        JWT_JWKS_URI !== undefined &&
        JWT_AUDIENCE !== undefined &&
        JWT_ISSUER === OIDC_ISSUER),
    {
      path: ['OIDC_ISSUER'],
      error:
        'needs OIDC_CLIENT_ID, JWT_JWKS_URI, JWT_AUDIENCE and the same JWT_ISSUER, else its tokens open nothing',
    },
  )
  .refine(
    ({ NODE_ENV, JWT_JWKS_URI, JWT_REVOCATIONS_URI, OIDC_ISSUER }) =>
      NODE_ENV !== 'production' ||
      ![JWT_JWKS_URI, JWT_REVOCATIONS_URI, OIDC_ISSUER].some(
        (text) => text?.startsWith('http:') ?? false,
      ),
    {
      path: ['JWT_JWKS_URI'],
      error:
        'must be https where NODE_ENV is production, as must JWT_REVOCATIONS_URI and OIDC_ISSUER',
    },
  )
export type GatewaySettings = z.infer<typeof GatewaySettings>

/** Reads the environment, or ends the process with everything that is wrong with it. */
export const readGatewaySettings = (): GatewaySettings =>
  readConfigOrExit('api-gateway', GatewaySettings)
