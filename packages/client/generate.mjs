/**
 * Makes src/schema.ts, the types of every route, from the gateway's OpenAPI document as it is built here.
 *
 *   npm run client:generate
 *   node packages/client/generate.mjs --check    writes nothing; fails where the types are not those of the document
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'

const schema = new URL('src/schema.ts', import.meta.url)
const printer = new URL('../../services/api-gateway/dist/openapi/main.js', import.meta.url)
const head =
  '// Made by generate.mjs from the OpenAPI document of the gateway; not written by hand.\n'

const document = JSON.parse(
  execFileSync(process.execPath, [fileURLToPath(printer)], { encoding: 'utf8' }),
)
const types = head + astToString(await openapiTS(document, { alphabetize: true }))
if (!process.argv.includes('--check')) {
  writeFileSync(schema, types)
} else if (types !== readFileSync(schema, 'utf8')) {
  console.error('packages/client/src/schema.ts is not that of the API: npm run client:generate')
  process.exit(1)
}
