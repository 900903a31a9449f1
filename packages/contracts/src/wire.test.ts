import { describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { Catalogue, shopSettingsOf } from './catalogue.ts'
import { pressRefusalCodes } from './errors.ts'
import { MerchantId, OperationId, OperatorName } from './ids.ts'
import { Command } from './operations/commands.ts'
import { OperationAnswer } from './operations/events.ts'

const aSale = () => ({
  specversion: '1.0',
  id: 'x:RequestTopup:0',
  source: 'api-gateway',
  type: 'RequestTopup.v1',
  subject: '3f0c1f4e-6f0e-4f59-9b0a-3b8f0b1f5c11',
  time: '2026-11-21T08:00:00.000Z',
  correlationid: 'c',
  data: {
    operationId: '3f0c1f4e-6f0e-4f59-9b0a-3b8f0b1f5c11',
    merchant: 'principal',
    currency: 'BOB',
    actor: { userId: '2', username: 'ana', role: 'Operador' },
    requestedAt: '2026-11-21T08:00:00.000Z',
    acceptUntil: '2026-11-21T08:00:10.000Z',
    keyed: false,
    shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
    fingerprint: 'A'.repeat(43),
    sessionId: 1,
    operator: 'Tigo',
    carrier: 'tpaga',
    slug: 'tigo',
    number: '78945612',
    amount: 1_050,
    carrierAmount: 1_050,
    confirmDuplicate: false,
  },
})

describe('a command', () => {
  it('is read when it is whole', () => {
    expect(Command.safeParse(aSale()).success).toBe(true)
  })

  it.each([
    ['an unknown field', { surprise: 1 }],
    ['an amount of nothing', { amount: 0 }],
    ['a negative amount', { amount: -5 }],
    ['half a centavo', { amount: 10.5 }],
    ['an amount as text', { amount: '1050' }],
    ['an amount past the safe integers', { amount: 2 ** 53 }],
    ['a number that is no number', { number: 'hola' }],
    ['a number of 21 digits', { number: '1'.repeat(21) }],
    ['an unknown role', { actor: { userId: '2', username: 'ana', role: 'root' } }],
    ['an id that is no UUID', { operationId: 'one' }],
    ['an unknown currency', { currency: 'USD' }],
    ['an instant that is none', { acceptUntil: 'soon' }],
  ])('is refused with %s', (_, changed) => {
    const message = aSale()
    expect(Command.safeParse({ ...message, data: { ...message.data, ...changed } }).success).toBe(
      false,
    )
  })

  it('is refused when its type or version is unknown', () => {
    expect(Command.safeParse({ ...aSale(), type: 'RequestTopup.v2' }).success).toBe(false)
  })
})

describe('the answer about an operation', () => {
  it('answers an unknown operation with no outcome alone', () => {
    expect(OperationAnswer.safeParse({ kind: 'absent' }).success).toBe(true)
    expect(OperationAnswer.safeParse({ kind: 'absent', neverAccepted: true }).success).toBe(false)
  })

  it.each<readonly [string, boolean]>([
    ['LIMIT_REACHED', true],
    ...pressRefusalCodes.map((code) => [code, false] as const),
  ])('may be the refusal %s: %s', (code, isFinal) => {
    const refusal = { code, details: {} }
    const answer = { kind: 'refused', fingerprint: 'A'.repeat(43), refusal }
    expect(OperationAnswer.safeParse(answer).success).toBe(isFinal)
  })
})

describe('ids', () => {
  it('of merchants are safe in routing keys, paths and queries', () => {
    for (const wrong of ['', '../x', 'A', 'a b', '$ne', '-a', 'a'.repeat(41)]) {
      expect(MerchantId.safeParse(wrong).success).toBe(false)
    }
    expect(MerchantId.safeParse('shop_1-b').success).toBe(true)
  })

  it('of operations are UUIDs and operators have names', () => {
    expect(OperationId.safeParse('not').success).toBe(false)
    expect(OperatorName.safeParse('Móvil Éxito').success).toBe(true)
    expect(OperatorName.safeParse('<b>').success).toBe(false)
  })
})

describe('the catalogue that comes with the project', () => {
  const catalogue = Catalogue.parse(
    JSON.parse(readFileSync(new URL('../../../catalogue.json', import.meta.url), 'utf8')),
  )

  it('holds the two shops of the design', () => {
    const shops = Object.entries(catalogue.merchants).map(([id, shop]) => [
      id,
      shop.currency,
      shop.operators.map(({ nombre }) => nombre).length,
    ])
    expect(shops).toEqual([
      ['principal', 'BOB', 3],
      ['bogota', 'COP', 6],
    ])
  })

  it.each(['America/La_Pas', '-04:00', '+05:00', '', 'x'.repeat(10_000)])(
    'is refused with the time zone %s',
    (zona_horaria) => {
      const { principal } = catalogue.merchants as Record<string, object>
      const refused = Catalogue.safeParse({ merchants: { a: { ...principal, zona_horaria } } })
      const paths = new Set(refused.error?.issues.map(({ path }) => path.join('.')))
      expect([...paths]).toEqual(['merchants.a.zona_horaria'])
    },
  )

  it('names the zone and the treatment of opening counts that its commands carry', () => {
    const settings = Object.values(catalogue.merchants).map(shopSettingsOf)
    expect(settings).toEqual([
      { timeZone: 'America/La_Paz', openingCount: 'record' },
      { timeZone: 'America/Bogota', openingCount: 'record' },
    ])
  })

  it('is refused when an amount could not be sent in the carrier’s unit', () => {
    const [operator] = Object.values(catalogue.merchants)[0]?.operators ?? []
    const withOperator = (changed: object) =>
      Catalogue.safeParse({
        merchants: {
          a: {
            currency: 'BOB',
            zona_horaria: 'America/La_Paz',
            operators: [{ ...operator, ...changed }],
          },
        },
      }).success
    expect(withOperator({})).toBe(true)
    expect(withOperator({ paso: 10, unidad_carrier: 100 })).toBe(false)
    expect(withOperator({ minimo: 0 })).toBe(false)
    expect(withOperator({ minimo: 20, maximo: 10 })).toBe(false)
    expect(withOperator({ patron_numero: '(' })).toBe(false)
  })
})
