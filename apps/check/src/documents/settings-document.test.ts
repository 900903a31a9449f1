import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { commonSettings } from '@recargas/runtime'
import type { z } from 'zod'
import { GatewaySettings } from '../../../../services/api-gateway/src/config.ts'
import { AdapterSettings } from '../../../../services/carrier-adapter/src/config.ts'
import { Settings as LedgerSettings } from '../../../../services/ledger/src/config.ts'

const document = readFileSync(new URL('../../../../docs/operating.md', import.meta.url), 'utf8')

/** Name and default of each row below a heading; a setting without default is `required`. */
const tableOf = (heading: string): Readonly<Record<string, string>> => {
  const [, section = ''] = document.split(`### ${heading}\n`)
  const [own = ''] = section.split(/^#/m)
  return Object.fromEntries(
    [...own.matchAll(/^\| `([A-Z_]+)`\s*\|([^|]*)\|/gm)].map(([, name = '', value = '']) => [
      name,
      value.trim().replaceAll('`', ''),
    ]),
  )
}

const defaultOf = (setting: z.ZodType): string => {
  const parsed = setting.safeParse(undefined)
  if (!parsed.success) return 'required'
  if (parsed.data === undefined) return ''
  return Array.isArray(parsed.data) ? parsed.data.join(',') : `${parsed.data as string | number}`
}

const defaultsOf = (shape: Readonly<Record<string, z.ZodType>>, without: object = {}) =>
  Object.fromEntries(
    Object.entries(shape)
      .filter(([name]) => !(name in without))
      .map(([name, setting]) => [name, defaultOf(setting)]),
  )

test.each([
  ['Every service', commonSettings, {}],
  ['api-gateway', GatewaySettings.shape, commonSettings],
  ['ledger', LedgerSettings.shape, commonSettings],
  ['carrier-adapter', AdapterSettings.shape, commonSettings],
] as const)(
  'docs/operating.md names each setting and default of: %s',
  (heading, shape, without) => {
    expect(tableOf(heading)).toEqual(defaultsOf(shape, without))
  },
)
