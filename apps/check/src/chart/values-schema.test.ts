import { expect, it, test } from '@jest/globals'
import { commonSettings } from '@recargas/runtime'
import { z } from 'zod'
import { partitionCount } from '../../../../packages/contracts/src/ids.ts'
import { GatewaySettings } from '../../../../services/api-gateway/src/config.ts'
import { AdapterSettings } from '../../../../services/carrier-adapter/src/config.ts'
import { Settings as LedgerSettings } from '../../../../services/ledger/src/config.ts'
import { filesIn, textOf } from '../repository-files.ts'
import { linkedFiles } from './linked-files.ts'
import {
  numericDefaults,
  requiredSecrets,
  serviceKeys,
  valuesSchema,
  type Declared,
} from './values-schema.ts'

const declared: Declared = {
  common: commonSettings,
  services: {
    gateway: GatewaySettings.shape,
    ledger: LedgerSettings.shape,
    adapter: AdapterSettings.shape,
  },
  partitions: partitionCount,
}
const document = textOf('docs/operating.md')
const chart = 'ops/helm/recargas'

test('the chart’s schema and defaults are made from the settings of the services: npm run documents', () => {
  expect(JSON.parse(textOf(`${chart}/values.schema.json`))).toEqual(
    JSON.parse(JSON.stringify(valuesSchema(declared, document))),
  )
  expect(JSON.parse(textOf(`${chart}/files/settings-defaults.json`))).toEqual(
    numericDefaults(declared),
  )
})

test('alerts and rights of the chart are those of ops/prometheus, ops/mongodb and ops/rabbitmq: npm run documents', () => {
  const links = linkedFiles()
  for (const { source, copy } of links) expect(textOf(copy)).toBe(textOf(source))
  const copies = ['rules', 'rights'].flatMap((folder) => filesIn(`${chart}/files/${folder}`))
  expect(copies.sort()).toEqual(links.map(({ copy }) => copy).sort())
})

const Named = z.object({ properties: z.record(z.string(), z.unknown()) })
const Parts = z.object({
  properties: z.object({
    settings: z.object({ properties: z.record(z.string(), Named) }),
    secrets: z.object({ properties: z.record(z.string(), Named) }),
  }),
})
const { properties: values } = Parts.parse(valuesSchema(declared, document))
const namesIn = (part: 'settings' | 'secrets', key: string): readonly string[] =>
  Object.keys(values[part].properties[key]?.properties ?? {})

/** Settings that no value gives: the chart computes them, or no installation may have them. */
const fixed: Readonly<Record<(typeof serviceKeys)[number], readonly string[]>> = {
  gateway: [
    'ADAPTER_URL',
    'CATALOGUE_PATH',
    'CRASH_AT',
    'HOST',
    'LEDGER_URL',
    'OPERATIONS_PORT',
    'PORT',
    'SCREEN_PATH',
  ],
  ledger: ['ADAPTER_URL', 'CRASH_AT', 'HOST', 'PORT'],
  adapter: ['CRASH_AT', 'HOST', 'PORT'],
}

it.each(serviceKeys)('offers every setting of: %s', (key) => {
  const offered = new Set([
    ...namesIn('settings', key),
    ...namesIn('secrets', key),
    ...namesIn('secrets', 'common'),
  ])
  const missing = Object.keys(declared.services[key]).filter((name) => !offered.has(name))
  expect(missing.sort()).toEqual(fixed[key])
})

it('offers a setting that a service declares later, with its bounds, without a change here', () => {
  const ledger = { ...declared.services.ledger, NEW_MS: z.coerce.number().int().min(5).default(9) }
  const { properties } = Parts.parse(
    valuesSchema({ ...declared, services: { ...declared.services, ledger } }, document),
  )
  expect(properties.settings.properties['ledger']?.properties['NEW_MS']).toMatchObject({
    type: 'integer',
    minimum: 5,
    default: 9,
  })
})

it('leaves out a pattern that Helm cannot read, and keeps the others', () => {
  const ledger = {
    NARROW: z.string().regex(/^[a-z]{0,39}$/),
    WIDE: z.string().regex(/^(?:x[a-z]{1,100}){0,20}$/),
  }
  const { properties } = Parts.parse(
    valuesSchema({ ...declared, services: { ...declared.services, ledger } }, document),
  )
  const own = properties.settings.properties['ledger']?.properties
  expect(own?.['NARROW']).toMatchObject({ pattern: '^[a-z]{0,39}$' })
  expect(own?.['WIDE']).not.toHaveProperty('pattern')
})

it('takes no secret among the settings, and refuses to install without one that a service needs', () => {
  for (const key of serviceKeys) {
    expect(namesIn('settings', key).filter((name) => /SECRET|TOKEN|_URI$|KEY$/.test(name))).toEqual(
      key === 'gateway' ? ['JWT_JWKS_URI', 'JWT_REVOCATIONS_URI'] : [],
    )
  }
  const checks = textOf(`${chart}/templates/_checks.tpl`)
  const needed = requiredSecrets(declared)
  expect(needed).toHaveLength(7)
  for (const path of needed) expect(checks).toContain(`"${path}"`)
})
