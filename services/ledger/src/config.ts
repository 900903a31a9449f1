import { MerchantId } from '@recargas/contracts'
import {
  commonSettings,
  crashAtSetting,
  crashesInTestsOnly,
  mongodbUri,
  port,
} from '@recargas/runtime'
import { z } from 'zod'
import { limitedKinds, type Limits } from './accounting/limits.ts'
import type { Policy } from './accounting/operation.ts'

const milliseconds = (fallback: number, max = 600_000) =>
  z.coerce.number().int().min(1).max(max).default(fallback)

const perDay = (max = Number.MAX_SAFE_INTEGER) => z.coerce.number().int().min(0).max(max).default(0)

/** The ledger's settings; docs/operating.md explains each. */
export const Settings = z
  .object({
    ...commonSettings,
    PORT: port(3001),
    /**
     * RabbitMQ gives a silent connection up after two to three of them, 4 to 6 s here, and hands the partitions over: a paused or
     * cut-off owner's are served again within the 9 s that we promise.
     */
    AMQP_HEARTBEAT_SECONDS: commonSettings.AMQP_HEARTBEAT_SECONDS.unwrap().default(2),
    /** A database of its own, named in the URI; every member of a replica set may be. */
    MONGODB_URI: mongodbUri,
    MONGODB_CONNECT_TIMEOUT_MS: milliseconds(5_000),
    MONGODB_POOL_SIZE: z.coerce.number().int().min(4).max(200).default(32),
    BATCH_SIZE_MAX: z.coerce.number().int().min(1).max(400).default(400),
    /** Time limit of one request to MongoDB; a request in doubt after it is retried. */
    MONGODB_TIMEOUT_MS: milliseconds(5_000),
    /** One round of tries of an append or a takeover; the next one follows after a pause. */
    APPEND_TIMEOUT_MS: milliseconds(10_000),
    /** Longest time from a press to its acceptance. At least the gateways' value, else their presses are refused. */
    ACCEPT_UNTIL_MS: milliseconds(10_000),
    PREFETCH: z.coerce.number().int().min(1).max(2_000).default(150),
    /** Interval of the instances' heartbeats, with which they share the partitions out. */
    SHARE_EVERY_MS: milliseconds(1_000),
    CLOCK_SKEW_MS: milliseconds(2_000),
    DUPLICATE_WINDOW_MS: milliseconds(120_000),
    /** Most sales and most money, in minor units, of one day at the shop; 0: no limit. */
    LIMIT_CASHIER_COUNT_PER_DAY: perDay(1_000_000),
    LIMIT_CASHIER_AMOUNT_PER_DAY: perDay(),
    LIMIT_NUMBER_COUNT_PER_DAY: perDay(1_000_000),
    LIMIT_NUMBER_AMOUNT_PER_DAY: perDay(),
    LIMIT_OPERATOR_COUNT_PER_DAY: perDay(1_000_000),
    LIMIT_OPERATOR_AMOUNT_PER_DAY: perDay(),
    SWEEP_EVERY_MS: milliseconds(1_000),
    SWEEP_BACKOFF_MS_MIN: milliseconds(5_000),
    SWEEP_BACKOFF_MS_MAX: milliseconds(60_000),
    /** A float that lasts no longer than this at its pace is low; 0: its pace does not count. */
    LOW_FLOAT_RUNWAY_MINUTES: z.coerce.number().int().min(0).max(10_000).default(120),
    /** A float with less than this is low, in minor units of its own currency; 0: off. Single floats may differ. */
    LOW_FLOAT_MINOR: z
      .string()
      .regex(/^\d{1,15}(,[^,/=]+\/[^,/=]+=\d{1,15})*$/, {
        error: 'an amount in minor units, then any floats that differ: 5000,principal/Tigo=20000',
      })
      .default('0'),
    /** The adapter that reports the carrier's balance; without it the ledger does not reconcile. */
    ADAPTER_URL: z.url({ protocol: /^https?$/ }).optional(),
    RECONCILE_EVERY_MS: milliseconds(3_600_000, 7 * 24 * 3_600_000),
    /** The merchant that receives the case of a difference that no sale explains. */
    RECONCILE_MERCHANT: MerchantId.default(MerchantId.parse('principal')),
    /** Duration of the reconciliation lease; after a crash the next run waits at most this long. */
    RECONCILE_LEASE_MS: milliseconds(60_000),
    /** Most of one core's time that the proof behind the writers takes; 0: off. */
    PROOF_CPU_PERCENT: z.coerce.number().int().min(0).max(50).default(5),
    /** For tests only: where this process kills itself. */
    CRASH_AT: crashAtSetting('ledger'),
  })
  .refine(...crashesInTestsOnly)
export type Settings = z.infer<typeof Settings>

/** The policy of every batch; only configured limits are in it. */
export const policyOf = (settings: Settings): Policy => {
  const limits: Limits = {
    cashier: {
      count: settings.LIMIT_CASHIER_COUNT_PER_DAY,
      amount: settings.LIMIT_CASHIER_AMOUNT_PER_DAY,
    },
    number: {
      count: settings.LIMIT_NUMBER_COUNT_PER_DAY,
      amount: settings.LIMIT_NUMBER_AMOUNT_PER_DAY,
    },
    operator: {
      count: settings.LIMIT_OPERATOR_COUNT_PER_DAY,
      amount: settings.LIMIT_OPERATOR_AMOUNT_PER_DAY,
    },
  }
  const isAny = limitedKinds.some((kind) => limits[kind].count > 0 || limits[kind].amount > 0)
  const duplicateWindowMs = settings.DUPLICATE_WINDOW_MS
  return isAny ? { duplicateWindowMs, limits } : { duplicateWindowMs }
}

/** Back-off and batch size of the republishing of held sales. */
export const repeatLimits = (settings: Settings) => ({
  backoffMsMin: settings.SWEEP_BACKOFF_MS_MIN,
  backoffMsMax: settings.SWEEP_BACKOFF_MS_MAX,
  perRoundMax: 200,
})
