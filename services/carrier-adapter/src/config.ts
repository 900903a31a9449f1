import {
  certificateAuthority,
  commonSettings,
  crashAtSetting,
  crashesInTestsOnly,
  mongodbUri,
  port,
  readConfigOrExit,
} from '@recargas/runtime'
import { z } from 'zod'

const whole = (least: number, most: number) => z.coerce.number().int().min(least).max(most)
const ms = (fallback: number, least: number, most: number) => whole(least, most).default(fallback)

const repeatsMax = 20
const repeatSecondsMax = 3_600

/** Times in seconds, rising: "3,10,30"; "never" is the empty list. */
const repeatSeconds = z
  .string()
  .transform((text) => (text.trim() === 'never' ? [] : text.split(',').map(Number)))
  .refine(
    (seconds) =>
      seconds.length <= repeatsMax &&
      seconds.every(
        (second, index) => second > (seconds[index - 1] ?? 0) && second <= repeatSecondsMax,
      ),
    `at most ${repeatsMax} rising times in seconds, up to ${repeatSecondsMax}, or "never"`,
  )

const hourSeconds = 3_600
/** So that all lookups and the purchase itself fit into the attempts a verdict carries. */
const lookupHoursMax = 168

/** Every setting of the service, with its bounds. */
export const AdapterSettings = z
  .object({
    ...commonSettings,
    /** A call that has begun must be able to end: its connect and call time-outs fit in three quarters of it. */
    SHUTDOWN_TIMEOUT_MS: ms(15_000, 100, 60_000),
    PORT: port(3002),
    /** A database of its own, named in the URI. */
    MONGODB_URI: mongodbUri,
    /** The carrier's API up to and with its version. */
    TPAGA_BASE_URL: z.url({ protocol: /^https?$/ }),
    TPAGA_API_KEY: z.string().min(1),
    /** The CA of a carrier whose certificate is not of a public one. */
    TPAGA_CA: certificateAuthority,
    /** The longest wait for a connection; after it nothing is sent. */
    TPAGA_CONNECT_TIMEOUT_MS: ms(2_000, 10, 60_000),
    /** One call's whole time, connecting included. */
    TPAGA_CALL_TIMEOUT_MS: ms(8_000, 10, 120_000),
    /** Connections kept to the carrier, and so the sales under way in one instance. */
    TPAGA_CONNECTIONS: whole(1, 1_000).default(128),
    /** A sale not started this long after its request is not sent any more. */
    SEND_DEADLINE_MS: ms(60_000, 1_000, 3_600_000),
    /** Time for which an attempt belongs to the process that recorded it. */
    LEASE_MS: ms(20_000, 100, 600_000),
    /**
     * Times of the repeats of an unclear sale, in seconds after its first attempt: the same bytes, the same token. After
     * the last one the sale waits for a person. With "never" nothing is sent again and an unclear sale stays pending.
     */
    TOPUP_REPEAT_SECONDS: repeatSeconds.prefault('3,10,30,60,120'),
    /** The part by which each of these times may come earlier or later. */
    TOPUP_REPEAT_JITTER_PERCENT: whole(0, 30).default(10),
    /** The bundles under way in one instance; they have connections of their own. */
    BUNDLE_CONNECTIONS: whole(1, 1_000).default(16),
    /** Times of the lookups of an unclear bundle, in seconds after its purchase; then every hour. It is never sent again. */
    BUNDLE_LOOKUP_SECONDS: repeatSeconds.prefault('2,5,10,30,60,120,300,900'),
    /** The last hourly lookup; after it the bundle waits for a person. 0: no lookup but those above. */
    BUNDLE_LOOKUP_HOURS: whole(0, lookupHoursMax).default(24),
    /** The spelling of a package's code in a request; as a number "024" loses its zero. */
    TPAGA_PACKAGE_CODES: z.enum(['string', 'integer']).default('string'),
    /** Age up to which the carrier's list of packages is fresh, and up to which it is shown for lack of a newer one. */
    BUNDLES_FRESH_SECONDS: whole(0, 86_400).default(300),
    BUNDLES_STALE_SECONDS: whole(0, 604_800).default(86_400),
    /** Pause between two looks of a worker for due sales. */
    REPEAT_EVERY_MS: ms(500, 10, 60_000),
    /** Pause between two readings of the carrier's list of operators. */
    PROVIDERS_EVERY_MS: ms(600_000, 100, 86_400_000),
    CLOCK_SKEW_MS: ms(2_000, 0, 60_000),
    /** The longest time that a start waits for a database born ahead of this clock; a longer one is refused. */
    BORN_AHEAD_MAX_MS: ms(300_000, 0, 3_600_000),
    BREAKER_ERROR_PERCENT: whole(1, 100).default(50),
    BREAKER_VOLUME: whole(1, 100_000).default(10),
    BREAKER_WINDOW_MS: ms(10_000, 100, 600_000),
    BREAKER_RESET_MS: ms(5_000, 10, 600_000),
    /** Time after which a sale that a person carries out, and has not confirmed, goes in review. */
    MANUAL_REVIEW_SECONDS: whole(1, 86_400).default(900),
    /** The name of the system that a sale comes from, as the carrier reads it. */
    PAYMENT_ORIGIN: z.string().min(1).max(255).default('Recargas'),
    /** For tests only: the step at which this process kills itself. */
    CRASH_AT: crashAtSetting('adapter'),
  })
  .refine(
    (settings) =>
      settings.LEASE_MS > settings.TPAGA_CALL_TIMEOUT_MS + settings.TPAGA_CONNECT_TIMEOUT_MS,
    {
      path: ['LEASE_MS'],
      error: 'must exceed TPAGA_CALL_TIMEOUT_MS and TPAGA_CONNECT_TIMEOUT_MS together',
    },
  )
  .refine((settings) => settings.BUNDLES_FRESH_SECONDS <= settings.BUNDLES_STALE_SECONDS, {
    path: ['BUNDLES_STALE_SECONDS'],
    error: 'must not be below BUNDLES_FRESH_SECONDS',
  })
  .refine((settings) => settings.TPAGA_CONNECT_TIMEOUT_MS <= settings.TPAGA_CALL_TIMEOUT_MS, {
    path: ['TPAGA_CONNECT_TIMEOUT_MS'],
    error: 'must not exceed TPAGA_CALL_TIMEOUT_MS',
  })
  .refine(
    (settings) =>
      settings.NODE_ENV !== 'production' || settings.TPAGA_BASE_URL.startsWith('https:'),
    { path: ['TPAGA_BASE_URL'], error: 'must be https in production: it carries the API key' },
  )
  .refine(...crashesInTestsOnly)
export type AdapterSettings = z.infer<typeof AdapterSettings>

/** All times of a bundle's lookups: those that are named, then every full hour. */
export const lookupSecondsOf = (
  settings: Pick<AdapterSettings, 'BUNDLE_LOOKUP_SECONDS' | 'BUNDLE_LOOKUP_HOURS'>,
): readonly number[] => {
  const named = settings.BUNDLE_LOOKUP_SECONDS
  const hourly = Array.from(
    { length: settings.BUNDLE_LOOKUP_HOURS },
    (_, index) => (index + 1) * hourSeconds,
  )
  return [...named, ...hourly.filter((second) => second > (named.at(-1) ?? 0))]
}

/** Reads the environment, or ends the process with every problem in it. */
export const readAdapterSettings = (): AdapterSettings =>
  readConfigOrExit('carrier-adapter', AdapterSettings)
