import { z } from 'zod'
import { defaultsOf, settingRows } from '../documents/settings-table.ts'

type Shape = Parameters<typeof defaultsOf>[0]
export const serviceKeys = ['gateway', 'ledger', 'adapter'] as const
type ServiceKey = (typeof serviceKeys)[number]
type JsonSchema = Readonly<Record<string, unknown>>

/** The declarations of the services' settings, from which the chart's schema follows. */
export type Declared = {
  readonly common: Shape
  readonly services: Readonly<Record<ServiceKey, Shape>>
  readonly partitions: number
}

/** Headings of docs/operating.md, whose tables explain the settings. */
const headings: Readonly<Record<ServiceKey, string>> = {
  gateway: 'api-gateway',
  ledger: 'ledger',
  adapter: 'carrier-adapter',
}

/** Settings that are secret: the chart takes them from Secrets, as files. AMQP_URL names another user for each service. */
const secretSettings: ReadonlySet<string> = new Set([
  'SERVICE_TOKEN',
  'AMQP_URL',
  'AMQP_CA',
  'JWT_SECRET',
  'MONGODB_URI',
  'TPAGA_API_KEY',
  'TPAGA_CA',
  'OTEL_EXPORTER_OTLP_HEADERS',
])
const ofEachService: ReadonlySet<string> = new Set(['AMQP_URL'])

/** Settings that the chart or the image gives, or that no installation may have. Every other setting is a value. */
const givenByChart: ReadonlySet<string> = new Set([
  'HOST',
  'PORT',
  'OPERATIONS_PORT',
  'LEDGER_URL',
  'ADAPTER_URL',
  'CATALOGUE_PATH',
  'SCREEN_PATH',
  'CRASH_AT',
])

/** Names of the secrets of one part of the values. */
export const secretsOf = (declared: Declared, part: ServiceKey | 'common'): readonly string[] =>
  part === 'common'
    ? Object.keys(declared.common).filter(
        (name) => secretSettings.has(name) && !ofEachService.has(name),
      )
    : Object.keys(declared.services[part]).filter(
        (name) =>
          secretSettings.has(name) && (ofEachService.has(name) || !(name in declared.common)),
      )

/** Secrets without which a service does not start, as paths of the values. */
export const requiredSecrets = (declared: Declared): readonly string[] =>
  (['common', ...serviceKeys] as const).flatMap((part) => {
    const shape = part === 'common' ? declared.common : declared.services[part]
    const defaults = defaultsOf(shape)
    return secretsOf(declared, part)
      .filter((name) => defaults[name] === 'required')
      .map((name) => `${part}.${name}`)
  })

const objectOf = (
  properties: Readonly<Record<string, unknown>>,
  required: readonly string[] = [],
): JsonSchema => ({
  type: 'object',
  additionalProperties: false,
  ...(required.length === 0 ? {} : { required }),
  properties,
})

/** Helm's regular expressions repeat a part a thousand times at most, nested counts multiplied, and look neither ahead nor back. */
const repeatsMax = 1_000
const isReadByHelm = (pattern: string): boolean => {
  const counts = [...pattern.matchAll(/\{\d*,?(\d+)\}/g)].map(([, most]) => Number(most))
  return counts.reduce((all, most) => all * most, 1) <= repeatsMax && !/\(\?[=!<]/.test(pattern)
}

const isFlag = (values: unknown): boolean =>
  Array.isArray(values) && values.length === 2 && values.includes('true')

/** A setting as a value: numbers and flags as YAML has them, all else as the environment's text. */
const settingSchema = (setting: z.ZodType, description: string): JsonSchema => {
  const read = z.toJSONSchema(setting, { io: 'output', unrepresentable: 'any' })
  const written = z.toJSONSchema(setting, { io: 'input', unrepresentable: 'any' })
  const chosen = read.type === 'integer' ? read : written
  const { type, minimum, maximum, minLength, maxLength, pattern, enum: values } = chosen
  const bounds = isFlag(values)
    ? { enum: [true, false, 'true', 'false'] }
    : {
        type: type ?? 'string',
        ...Object.fromEntries(
          Object.entries({ minimum, maximum, minLength, maxLength, enum: values }).filter(
            ([, bound]) => bound !== undefined,
          ),
        ),
        // The service itself still refuses what another pattern would.
        ...(pattern !== undefined && isReadByHelm(pattern) ? { pattern } : {}),
      }
  const standard = chosen.default === undefined ? {} : { default: chosen.default }
  return { description, ...bounds, ...standard }
}

const settingsSchema = (
  shape: Shape,
  meanings: ReadonlyMap<string, string>,
): Readonly<Record<string, JsonSchema>> =>
  Object.fromEntries(
    Object.entries(shape)
      .filter(([name]) => !secretSettings.has(name) && !givenByChart.has(name))
      .map(([name, setting]) => [name, settingSchema(setting, meanings.get(name) ?? '')]),
  )

const text = z.string()
const Secret = z.strictObject({ name: text, key: text.min(1) })
const Peers = z.array(z.looseObject({}))
const Ports = z.array(z.int().min(1).max(65_535)).min(1)
const Reach = z.strictObject({ to: Peers, ports: Ports })
const Labels = z.record(text, text)
const Resources = z.strictObject({ requests: z.looseObject({}), limits: z.looseObject({}) })
const seconds = (least: number, most: number) => z.int().min(least).max(most)

const serviceValues = (replicasMax: number) =>
  z.strictObject({
    replicas: z.int().min(1).max(replicasMax).optional(),
    tag: text,
    nodeOptions: text,
    resources: Resources,
    podAnnotations: Labels,
    nodeSelector: Labels,
    tolerations: z.array(z.looseObject({})),
    priorityClassName: text,
  })

const scaling = (replicasMax: number) =>
  z.strictObject({
    min: z.int().min(1).max(replicasMax),
    max: z.int().min(1).max(replicasMax),
    queueLength: z.int().min(1).max(100_000),
  })

/** As `ops backup --keep-…` takes it. */
const kept = z.int().min(0).max(10_000)

const Backup = z.strictObject({
  enabled: z.boolean(),
  schedule: text.regex(/^\S+( \S+){4}$/),
  timeZone: text.min(1),
  recipients: z.array(text.regex(/^age1[a-z0-9]+$/)),
  destination: text.regex(/^$|^[\w-]+:[^/].*[^/]$/),
  keep: z.strictObject({ last: kept, daily: kept, weekly: kept, monthly: kept }),
  secrets: z.strictObject({
    LEDGER_MONGODB_URI: Secret,
    ADAPTER_MONGODB_URI: Secret,
    RCLONE_CONFIG: Secret,
  }),
  scratch: text.regex(/^\d+(Mi|Gi)$/),
  deadlineSeconds: seconds(60, 86_400),
  network: Reach,
  resources: Resources,
})

const structure = (partitions: number) =>
  z.strictObject({
    image: z.strictObject({
      prefix: text,
      tag: text,
      pullPolicy: z.enum(['IfNotPresent', 'Always', 'Never']),
    }),
    imagePullSecrets: z.array(z.strictObject({ name: text })),
    partitions: z.literal(partitions),
    catalogue: z.strictObject({ text, existingConfigMap: text, key: text.min(1) }),
    settings: z.unknown(),
    secrets: z.unknown(),
    checkSecrets: z.boolean(),
    databaseCa: Secret,
    gateway: serviceValues(100),
    ledger: serviceValues(partitions),
    adapter: serviceValues(100),
    drainSeconds: seconds(1, 60),
    ingress: z.strictObject({
      enabled: z.boolean(),
      className: text,
      hosts: z.array(text.min(1)),
      tlsSecret: text,
      // A gateway answers within 25 s of waiting and what its servers take.
      timeoutSeconds: seconds(40, 300),
      annotations: Labels,
    }),
    networkPolicy: z.strictObject({
      enabled: z.boolean(),
      callers: Peers,
      monitoring: Peers,
      broker: Reach,
      database: Reach,
      carrier: Reach,
      identity: Reach,
      collector: Reach,
    }),
    monitoring: z.strictObject({
      enabled: z.boolean(),
      interval: text.regex(/^\d+s$/),
      labels: Labels,
      runbookBaseUrl: text,
    }),
    keda: z.strictObject({
      enabled: z.boolean(),
      managementUrl: Secret,
      ledger: scaling(partitions),
      adapter: scaling(100),
    }),
    backup: Backup,
    smokeSale: z.strictObject({
      enabled: z.boolean(),
      operator: text,
      number: text.regex(/^\d*$/),
      amount: text.regex(/^(\d{1,9}(\.\d{1,4})?)?$/),
      user: z.int().min(0),
      token: Secret,
    }),
    // Helm hands it to every chart that stands below another one.
    global: z.looseObject({}).optional(),
  })

/** The chart's values.schema.json. `document` is docs/operating.md, whose sentences explain the settings. */
export const valuesSchema = (declared: Declared, document: string): JsonSchema => {
  const { $schema, ...whole } = z.toJSONSchema(structure(declared.partitions), { io: 'input' })
  const meaningsOf = (heading: string) =>
    settingRows(document, heading).map(({ name, meaning }) => [name, meaning] as const)
  const common = meaningsOf('Every service')
  const { type, properties: secretFields } = z.toJSONSchema(Secret)
  const secret = { type, additionalProperties: false, properties: secretFields }
  const settings = {
    common: objectOf(settingsSchema(declared.common, new Map(common))),
    ...Object.fromEntries(
      serviceKeys.map((key) => {
        const meanings = new Map([...common, ...meaningsOf(headings[key])])
        const own = settingsSchema(declared.services[key], meanings)
        const defaults = defaultsOf(declared.services[key])
        const required = Object.keys(own).filter((name) => defaults[name] === 'required')
        return [key, objectOf(own, required)]
      }),
    ),
  }
  const secrets = Object.fromEntries(
    (['common', ...serviceKeys] as const).map((part) => [
      part,
      objectOf(Object.fromEntries(secretsOf(declared, part).map((name) => [name, secret]))),
    ]),
  )
  return {
    $schema,
    ...whole,
    properties: {
      ...whole.properties,
      settings: objectOf(settings),
      secrets: objectOf(secrets),
    },
  }
}

/** Defaults of whole-number settings, for the template: it computes grace periods and compares services with them. */
export const numericDefaults = (declared: Declared): JsonSchema =>
  Object.fromEntries(
    (['common', ...serviceKeys] as const).map((part) => {
      const shape = part === 'common' ? declared.common : declared.services[part]
      const numbers = Object.entries(defaultsOf(shape))
        .filter(([name, value]) => !givenByChart.has(name) && /^\d+$/.test(value))
        .map(([name, value]) => [name, Number(value)] as const)
      return [part, Object.fromEntries(numbers)]
    }),
  )
