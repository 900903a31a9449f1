import { describe, expect, test } from '@jest/globals'
import { operationKinds } from '@recargas/contracts'
import type { z } from 'zod'
import { availabilityOf, bundleAvailabilityOf } from '../float/read-balances.ts'
import { exampleFacts } from '../openapi/problem-examples.ts'
import { gatewayRoutes, type GatewayDeps } from '../routes.ts'
import { aCarrierStates } from '../testing/samples.ts'
import { hasLabel } from './field-labels.ts'
import { parseBody, parseQuery } from './parse.ts'
import { Problem } from './problem.ts'
import { problemTable, type ProblemCode } from './problem-table.ts'

const codes = Object.keys(problemTable) as ProblemCode[]
const routes = gatewayRoutes({ reads: {} } as GatewayDeps)

const english =
  /\b(the|of|is|are|not|no such|must|be|to|and|or|number|amount|carrier|ledger|field|value|invalid|required|missing|unknown|expected|received|string|boolean|object|array|input|too|small|big|should|with|your|this|sale|key|header|body|request|timeout|open|closed|breaker|unavailable|does|answer|reserved|committed|released|review|closing|rejected|authorized)\b/i
/** Words that only programs use; JSON, tokens and headers are for `detail`. */
const protocol =
  /\b(json|http|utf-?8|ascii|bytes?|tokens?|encabezado|cuerpo|campos?|rutas?|parámetros?|true|false|null|uuid|url|post|get|patch|idempotency|prefer|x-[a-z-]+)\b/i
const identifier = /[a-z]_[a-z]|\b[a-z]+[A-Z]/

const isSpokenTo = (sentence: string): void => {
  expect(sentence).not.toMatch(english)
  expect(sentence).not.toMatch(protocol)
  expect(sentence).not.toMatch(identifier)
  expect(sentence).toMatch(/^[A-ZÁÉÍÓÚ]/)
}

const operations = operationKinds.map((kind) => `${kind}.v1`)
const facts = {
  ...exampleFacts,
  field: 'numero_cliente',
  carrierField: 'destination_number',
  topupId: 7,
}
const variants = [
  {},
  ...operations.flatMap((operation) =>
    ['cashier', 'number', 'operator'].flatMap((limit) =>
      ['amount', 'count'].map((of) => ({ ...facts, operation, limit, of })),
    ),
  ),
]

describe.each(codes)('%s', (code) => {
  const { message, detail, title } = problemTable[code]
  const states = [
    'AUTORIZADA',
    'EN_REVISION',
    ...(code === 'TOPUP_NOT_IN_REVIEW' || code === 'TOPUP_NOT_CONFIRMABLE' ? ['closing'] : []),
  ]
  const stated = states.map((state) => ({ ...facts, operation: 'RequestTopup.v1', state }))
  const sentences = [...new Set([...variants, ...stated].map((variant) => message(variant)))]

  test('speaks to the cashier in Spanish, without names of fields and without protocol', () => {
    sentences.forEach(isSpokenTo)
    expect(title).not.toMatch(english)
  })

  test('speaks to the developer in Spanish, names apart', () => {
    const names =
      /\b\w+_\w+\b|\b(?:[A-Z][a-z]+-)+[A-Z][a-z]+\b|\btrue\b|Authorization: Bearer <\w+>/g
    for (const variant of variants) {
      expect((detail ?? message)(variant).replaceAll(names, '')).not.toMatch(english)
    }
  })
})

const wrongValues = [
  undefined,
  null,
  '',
  ' ',
  'x'.repeat(10_000),
  -1,
  0,
  0.00001,
  1e15,
  true,
  [],
  {},
]

/** Every sentence that the wrong values of one field lead to. */
const sentencesOf = (
  parse: typeof parseBody,
  schema: z.ZodObject,
  field: string,
): readonly string[] =>
  wrongValues.flatMap((value) => {
    try {
      parse(schema, { [field]: value })
      return []
    } catch (error) {
      if (!(error instanceof Problem)) throw error
      expect(error.wording).toEqual(expect.any(Array))
      expect(error.extra.members).toHaveProperty('campo')
      return error.wording
    }
  })

const schemas = routes.flatMap(({ method, path, contract: { body, query } }) => [
  ...(body === undefined ? [] : [[`${method} ${path} body`, parseBody, body] as const]),
  ...(query === undefined ? [] : [[`${method} ${path} query`, parseQuery, query] as const]),
])

test.each(schemas)('%s: wrong fields are a list of Spanish sentences', (_, parse, schema) => {
  for (const field of [...Object.keys(schema.shape), 'an_unknown_field']) {
    for (const sentence of sentencesOf(parse, schema, field)) {
      isSpokenTo(sentence)
      expect(sentence).toMatch(/\.$/)
    }
  }
})

test('every field and parameter has a name that a cashier knows', () => {
  const fields = schemas.flatMap(([, , schema]) => Object.keys(schema.shape))
  expect([...new Set(fields)].filter((field) => !hasLabel(field))).toEqual([])
})

test('an operator that cannot be sold gets its reason in Spanish, whatever the adapter says', () => {
  const tigo = { carrier: 'tpaga', slug: 'tigo' } as const
  const reasons = ['open', 'closed', 'half-open'].flatMap((breaker) => {
    const down = { available: false, reason: 'the carrier does not answer', breaker }
    const state = aCarrierStates({ ...down, bundles: down } as Parameters<typeof aCarrierStates>[0])
    return [availabilityOf(state, tigo), bundleAvailabilityOf(state, tigo)]
  })
  for (const { motivo } of [...reasons, availabilityOf(null, tigo)]) {
    expect(motivo).toMatch(/^El |^No /)
    expect(motivo).not.toMatch(english)
  }
})
