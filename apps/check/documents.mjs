/**
 * npm run documents: writes the documents that follow from code. Tests in src/documents hold each of them equal.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogueJsonSchema } from '../../packages/contracts/dist/index.js'
import { messageCatalogue } from '../../packages/contracts/dist/message-catalogue/message-catalogue.js'
import { commonSettings } from '../../packages/runtime/dist/index.js'
import { GatewaySettings } from '../../services/api-gateway/dist/config.js'
import { AdapterSettings } from '../../services/carrier-adapter/dist/config.js'
import { Settings as LedgerSettings } from '../../services/ledger/dist/config.js'
import { decisionIndex } from './dist/documents/decisions.js'
import { envExample } from './dist/documents/env-example.js'

process.chdir(fileURLToPath(new URL('../..', import.meta.url)))
const read = (file) => readFileSync(file, 'utf8')
const write = (file, text) => {
  writeFileSync(file, text)
  console.log(file)
}

write(
  '.env.example',
  envExample(
    {
      common: commonSettings,
      services: {
        'api-gateway': GatewaySettings.shape,
        ledger: LedgerSettings.shape,
        'carrier-adapter': AdapterSettings.shape,
      },
    },
    read('docs/operating.md'),
  ),
)
const contracts = readdirSync('packages/contracts/src', { recursive: true })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .sort()
  .map((name) => read(`packages/contracts/src/${name}`))
write('docs/messages.md', messageCatalogue(contracts))
write('catalogue.schema.json', `${JSON.stringify(catalogueJsonSchema(), null, 2)}\n`)
const decisions = readdirSync('docs/adr').filter((name) => /^\d{4}-/.test(name))
write(
  'docs/adr/README.md',
  decisionIndex(decisions.map((name) => ({ name, text: read(`docs/adr/${name}`) }))),
)
