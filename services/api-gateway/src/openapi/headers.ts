import type { ReplyHeader, RequestHeader } from '../api/contract.ts'
import { waitSecondsMax } from '../sales/preferred-wait.ts'
import type { JsonSchema } from './json-schema.ts'

type HeaderDocument = { readonly description: string; readonly schema: JsonSchema }

export const requestHeaders = {
  'Idempotency-Key': {
    description:
      'Names the operation: the same key with the same body never takes place twice, and gets the same answer. One ' +
      'key for each press of the button, kept for its repeats.',
    schema: {
      type: 'string',
      minLength: 1,
      maxLength: 255,
      pattern: '^[\\x21-\\x7e]+$',
      examples: ['caja1-000123'],
    },
  },
  'Last-Event-ID': {
    description:
      'The last `id` of the stream that broke off: what was kept since then comes first.',
    schema: { type: 'string', examples: ['6f1f3c1a-41'] },
  },
  Prefer: {
    description: `RFC 7240, \`wait=N\`: seconds to wait for the outcome, at most ${waitSecondsMax}.`,
    schema: { type: 'string', examples: ['wait=10'] },
  },
  'X-Confirmar-Duplicado': {
    description: '`true` after DUPLICATE_SUSPECTED: it is another sale indeed. It is audited.',
    schema: { type: 'string', enum: ['true', 'false'] },
  },
} as const satisfies Record<RequestHeader, HeaderDocument>

const text: JsonSchema = { type: 'string' }
const count: JsonSchema = { type: 'integer', minimum: 0 }

export const replyHeaders = {
  Age: { description: 'Age of the carrier’s list, in seconds.', schema: count },
  Link: { description: 'The next page, `rel="next"`; absent on the last one.', schema: text },
  Location: { description: 'Path at which its outcome can be looked up.', schema: text },
  'Preference-Applied': { description: 'The wait that was applied.', schema: text },
  'Retry-After': { description: 'When to ask or try again, in seconds.', schema: count },
  'X-Desactualizado': { description: '`true` where no newer list can be had.', schema: text },
  'X-Total-Count': { description: 'Number of items on all pages.', schema: count },
} as const satisfies Record<ReplyHeader, HeaderDocument>
