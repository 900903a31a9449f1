/**
 * npm run documents: writes the documents that follow from code. Tests in src/documents hold each of them equal.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { catalogueJsonSchema } from '../../packages/contracts/dist/index.js'
import { messageCatalogue } from '../../packages/contracts/dist/message-catalogue/message-catalogue.js'
import { linkedFiles } from './dist/chart/linked-files.js'
import { numericDefaults, valuesSchema } from './dist/chart/values-schema.js'
import { decisionIndex } from './dist/documents/decisions.js'
import { envExample } from './dist/documents/env-example.js'
import { declared } from './declared.mjs'

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
      common: declared.common,
      services: {
        'api-gateway': declared.services.gateway,
        ledger: declared.services.ledger,
        'carrier-adapter': declared.services.adapter,
      },
    },
    read('docs/operating.md'),
  ),
)
const chart = 'ops/helm/recargas'
const asJson = (value) => `${JSON.stringify(value, null, 2)}\n`
write(`${chart}/values.schema.json`, asJson(valuesSchema(declared, read('docs/operating.md'))))
write(`${chart}/files/settings-defaults.json`, asJson(numericDefaults(declared)))
for (const { source, copy } of linkedFiles()) write(copy, read(source))
const contracts = readdirSync('packages/contracts/src', { recursive: true })
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  .sort()
  .map((name) => read(`packages/contracts/src/${name}`))
write('docs/messages.md', messageCatalogue(contracts))
write('catalogue.schema.json', asJson(catalogueJsonSchema()))
const decisions = readdirSync('docs/adr').filter((name) => /^\d{4}-/.test(name))
write(
  'docs/adr/README.md',
  decisionIndex(decisions.map((name) => ({ name, text: read(`docs/adr/${name}`) }))),
)
