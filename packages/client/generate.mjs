/**
 * Writes src/schema.ts, the types of every route, from the reviewed API document. The file is not in git: each build
 * calls this first. It writes only where the document has changed, so that an incremental build stays one.
 *
 *   node packages/client/generate.mjs
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'

const schema = new URL('src/schema.ts', import.meta.url)
const document = readFileSync(
  new URL('../../services/api-gateway/openapi.json', import.meta.url),
  'utf8',
)
const digest = createHash('sha256').update(document).digest('hex')
const head = `// Made by generate.mjs from services/api-gateway/openapi.json, ${digest}; not written by hand.\n`

if (!existsSync(schema) || !readFileSync(schema, 'utf8').startsWith(head)) {
  const { default: openapiTS, astToString } = await import('openapi-typescript')
  const types = await openapiTS(JSON.parse(document), { alphabetize: true })
  writeFileSync(schema, head + astToString(types))
}
