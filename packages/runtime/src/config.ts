import { z } from 'zod'
import { writeLastWords } from './last-words.ts'
import { developmentValue } from './production.ts'
import { readSetting, type Environment } from './setting.ts'

/** Lists the settings with which the service cannot start; the caller prints them and exits. */
export type ConfigProblem = { readonly kind: 'invalid'; readonly problems: readonly string[] }
export type ConfigResult<Config> = { readonly kind: 'ok'; readonly config: Config } | ConfigProblem

/**
 * Reads a service's settings from the environment. Each NAME may also be given as NAME_FILE, a file holding the
 * value; where NODE_ENV is production, values meant for development are refused. @returns every problem at once, so that a wrong configuration is mended in one go. Values are never
 * repeated in a problem: some are secrets.
 */
export const readConfig = <Shape extends z.ZodRawShape>(
  schema: z.ZodObject<Shape>,
  environment: Environment = process.env,
): ConfigResult<z.infer<z.ZodObject<Shape>>> => {
  const problems: string[] = []
  const values: Record<string, string> = {}
  const reported = new Set<PropertyKey>()
  for (const name of Object.keys(schema.shape)) {
    const setting = readSetting(environment, name)
    if (setting.kind === 'given') values[name] = setting.value
    if (setting.kind === 'wrong') {
      problems.push(setting.problem)
      reported.add(name)
    }
  }
  if (values['NODE_ENV'] === 'production') {
    for (const [name, value] of Object.entries(values)) {
      const reason = developmentValue(value)
      if (reason === null) continue
      problems.push(`${name}: ${reason}, which is refused in production`)
      reported.add(name)
    }
  }
  const parsed = schema.safeParse(values)
  if (!parsed.success) {
    for (const issue of parsed.error.issues) {
      // The problem reported for the setting already explains that it is missing.
      if (issue.path[0] !== undefined && reported.has(issue.path[0])) continue
      problems.push(`${issue.path.join('.') || '(settings)'}: ${issue.message}`)
    }
  }
  if (problems.length > 0 || !parsed.success) return { kind: 'invalid', problems }
  return { kind: 'ok', config: parsed.data }
}

/** Reads the settings, or prints every problem and exits. */
export const readConfigOrExit = <Shape extends z.ZodRawShape>(
  service: string,
  schema: z.ZodObject<Shape>,
): z.infer<z.ZodObject<Shape>> => {
  const result = readConfig(schema)
  if (result.kind === 'ok') return result.config
  const problems = result.problems.map((problem) => `\n  - ${problem}`).join('')
  writeLastWords(`${service} cannot start, its configuration is wrong:${problems}`)
  process.exit(78) // EX_CONFIG of sysexits.h
}

/** Whom to believe where a server's certificate is not of a public CA; usually given as a file, NAME_FILE. */
export const certificateAuthority = z
  .string()
  .regex(/-----BEGIN CERTIFICATE-----/, 'not a certificate in PEM form')
  .optional()

const brokerAddress = z.url({ protocol: /^amqps?$/ })

/** A broker's address, or those of a cluster's members parted by commas. */
const brokerAddresses = z
  .string()
  .transform((text) => text.split(',').map((address) => address.trim()))
  .refine(
    (addresses) => addresses.every((address) => brokerAddress.safeParse(address).success),
    'not amqp(s)://user:password@host/vhost, nor several of them parted by commas',
  )

/** Pairs as OpenTelemetry writes them: `name=value,name=value`, values percent-encoded. */
const collectorHeaders = z.string().transform((text, context): Record<string, string> => {
  const pairs = text.split(',').map((pair) => /^\s*([\w-]+)=(.*)$/.exec(pair))
  try {
    return Object.fromEntries(
      pairs.map((pair) => {
        const [, name, value] = pair ?? []
        if (name === undefined || value === undefined) throw new URIError('no pair')
        return [name, decodeURIComponent(value.trim())]
      }),
    )
  } catch {
    context.addIssue({ code: 'custom', message: 'not name=value,name=value, percent-encoded' })
    return z.NEVER
  }
})

/** Settings every service reads. */
export const commonSettings = {
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  HOST: z.string().default('127.0.0.1'),
  LOG_LEVEL: z.enum(['error', 'warn', 'info', 'debug']).default('info'),
  AMQP_URL: brokerAddresses,
  AMQP_CA: certificateAuthority,
  AMQP_HEARTBEAT_SECONDS: z.coerce.number().int().min(2).max(60).default(10),
  AMQP_RECONNECT_MS_MAX: z.coerce.number().int().min(100).max(30_000).default(2_000),
  SERVICE_TOKEN: z.string().min(16, 'at least 16 characters'),
  SHUTDOWN_TIMEOUT_MS: z.coerce.number().int().min(100).max(60_000).default(8_000),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  OTEL_EXPORTER_OTLP_HEADERS: collectorHeaders.optional(),
  OTEL_TRACES_SAMPLER_ARG: z.coerce.number().min(0).max(1).default(1),
} as const

/** A MongoDB address that names a database; of a replica set it may name several hosts, which no URL parser takes. */
export const mongodbUri = z
  .string()
  .regex(/^mongodb(\+srv)?:\/\/[^/]+\/[^/?]+/, 'a MongoDB URI that names a database')

export const port = (fallback: number) =>
  z.coerce.number().int().min(0).max(65_535).default(fallback)

/** "true" or "false", nothing else. */
export const flag = (fallback: boolean) =>
  z
    .enum(['true', 'false'])
    .default(fallback ? 'true' : 'false')
    .transform((value) => value === 'true')
