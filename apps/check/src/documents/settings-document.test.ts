import { expect, test } from '@jest/globals'
import { commonSettings } from '@recargas/runtime'
import { GatewaySettings } from '../../../../services/api-gateway/src/config.ts'
import { AdapterSettings } from '../../../../services/carrier-adapter/src/config.ts'
import { Settings as LedgerSettings } from '../../../../services/ledger/src/config.ts'
import { textOf } from '../repository-files.ts'
import { envExample } from './env-example.ts'
import { defaultsOf, settingRows } from './settings-table.ts'

const document = textOf('docs/operating.md')

test.each([
  ['Every service', commonSettings, {}],
  ['api-gateway', GatewaySettings.shape, commonSettings],
  ['ledger', LedgerSettings.shape, commonSettings],
  ['carrier-adapter', AdapterSettings.shape, commonSettings],
] as const)(
  'docs/operating.md names each setting and default of: %s',
  (heading, shape, without) => {
    const rows = settingRows(document, heading).map(({ name, value }) => [name, value] as const)
    expect(Object.fromEntries(rows)).toEqual(defaultsOf(shape, without))
  },
)

test('.env.example is made from the settings of the services: npm run documents', () => {
  const text = envExample(
    {
      common: commonSettings,
      services: {
        'api-gateway': GatewaySettings.shape,
        ledger: LedgerSettings.shape,
        'carrier-adapter': AdapterSettings.shape,
      },
    },
    document,
  )
  expect(textOf('.env.example')).toBe(text)
  expect(text).toMatch(/^MONGODB_URI=$/m)
  expect(text).toMatch(/^#LOG_LEVEL=info$/m)
})
