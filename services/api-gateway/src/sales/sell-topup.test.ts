import { expect, test } from '@jest/globals'
import { Catalogue, MerchantId } from '@recargas/contracts'
import { createShops, type Shop } from '../catalogue/catalogue.ts'
import { Problem } from '../api/problem.ts'
import { refusalProblem } from '../commands/refusal.ts'
import { aCarrierStates, catalogue, shops } from '../testing/samples.ts'
import { readPreferredWait } from './preferred-wait.ts'
import { readSale } from './sell-topup.ts'

const principal = shops.of(MerchantId.parse('principal'))
const bogota = shops.of(MerchantId.parse('bogota'))
const good = { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }

const till = { confirmDuplicate: false, carriers: null }
const problemOf = (body: unknown, shop: Shop | null = principal): Problem => {
  try {
    const { input } = readSale(shop, body, till)
    if (input.type === 'refused') {
      const { refusal } = input
      return refusalProblem({ refusal, operation: 'RequestTopup.v1', operationId: null })
    }
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('was taken')
}

test('a sale becomes the command that sells it, in minor units and in the carrier’s own', () => {
  expect(readSale(principal, good, { ...till, confirmDuplicate: true }).input).toEqual({
    type: 'RequestTopup.v1',
    data: {
      sessionId: 1,
      operator: 'Tigo',
      carrier: 'tpaga',
      slug: 'tigo',
      number: '78945612',
      amount: 1_050,
      carrierAmount: 1_050,
      confirmDuplicate: true,
    },
  })
  const inPesos = { ...good, operadora: 'Movistar', numero_cliente: '3101234567', monto: 5_000 }
  expect(readSale(bogota, inPesos, till).input).toMatchObject({
    data: { amount: 500_000, carrierAmount: 5_000 },
  })
})

test.each([
  [0.1, 10],
  [0.3, 30],
  [1.1, 110],
  [64.1, 6_410],
  [1_000, 100_000],
])('%d is read without binary arithmetic', (monto, amount) => {
  expect(readSale(principal, { ...good, monto }, till).input).toMatchObject({ data: { amount } })
})

test.each<readonly [string, unknown, string]>([
  ['no body', undefined, '400 FIELD_MISSING'],
  ['a field nobody knows', { ...good, propina: 1 }, '400 FIELD_UNKNOWN'],
  ['no amount', { ...good, monto: undefined }, '400 FIELD_MISSING'],
  ['an amount as text', { ...good, monto: '10.5' }, '400 FIELD_INVALID'],
  ['an amount that is null', { ...good, monto: null }, '400 FIELD_INVALID'],
  ['a negative amount', { ...good, monto: -1 }, '400 AMOUNT_NEGATIVE'],
  ['nothing', { ...good, monto: 0 }, '400 AMOUNT_ZERO'],
  ['three decimals', { ...good, monto: 10.505 }, '400 AMOUNT_TOO_PRECISE'],
  ['a hair', { ...good, monto: 1e-9 }, '400 AMOUNT_TOO_PRECISE'],
  ['more than any drawer holds', { ...good, monto: 1e12 }, '400 AMOUNT_TOO_LARGE'],
  ['more than a number holds', { ...good, monto: Infinity }, '400 AMOUNT_TOO_LARGE'],
  ['less than the operator sells', { ...good, monto: 0.05 }, '400 AMOUNT_BELOW_MINIMUM'],
  ['more than the operator sells', { ...good, monto: 1_000.1 }, '422 AMOUNT_ABOVE_MAXIMUM'],
  ['between two steps', { ...good, monto: 10.55 }, '422 AMOUNT_OFF_STEP'],
  ['an operator nobody sells', { ...good, operadora: 'Claro' }, '400 OPERATOR_UNKNOWN'],
  ["another shop's operator", { ...good, operadora: 'Movistar' }, '400 OPERATOR_UNKNOWN'],
  ['an operator in other letters', { ...good, operadora: 'tigo' }, '400 OPERATOR_UNKNOWN'],
  ['a number that is a number', { ...good, numero_cliente: 78945612 }, '400 FIELD_INVALID'],
  ['a word as number', { ...good, numero_cliente: 'hola' }, '422 NUMBER_NOT_OF_OPERATOR'],
  [
    "another country's number",
    { ...good, numero_cliente: '+5778945612' },
    '422 NUMBER_NOT_OF_OPERATOR',
  ],
  ['seven digits', { ...good, numero_cliente: '7894561' }, '422 NUMBER_NOT_OF_OPERATOR'],
  [
    'a number with a line break',
    { ...good, numero_cliente: '78945612\n' },
    '422 NUMBER_NOT_OF_OPERATOR',
  ],
  ['80 kB of number', { ...good, numero_cliente: '7'.repeat(80_000) }, '400 FIELD_INVALID'],
  ['half a session', { ...good, id_caja_sesion: 1.5 }, '400 FIELD_INVALID'],
  ['a session as text', { ...good, id_caja_sesion: '1' }, '400 FIELD_INVALID'],
  ['no session', { ...good, id_caja_sesion: 0 }, '400 FIELD_INVALID'],
])('%s is refused with its own code', (_, body, expected) => {
  const problem = problemOf(body)
  expect(`${problem.status} ${problem.code}`).toBe(expected)
})

test('a sale is the same press whatever became of the catalogue', () => {
  const { payload } = readSale(principal, good, till)
  const [tigo] = catalogue.merchants[MerchantId.parse('principal')]?.operators ?? []
  const without = (operators: readonly object[], currency = 'BOB') => {
    const merchants = { principal: { ...principalOf, currency, operators } }
    return createShops(Catalogue.parse({ merchants })).of(MerchantId.parse('principal'))
  }
  const principalOf = { zona_horaria: 'America/La_Paz', codigo_pais: '591' }
  const later = [
    ['OPERATOR_UNKNOWN', without([{ ...tigo, nombre: 'Viva' }])],
    ['AMOUNT_ABOVE_MAXIMUM', without([{ ...tigo, maximo: 1_000 }])],
    ['AMOUNT_BELOW_MINIMUM', without([{ ...tigo, minimo: 2_000 }])],
    ['AMOUNT_OFF_STEP', without([{ ...tigo, paso: 200 }])],
    ['NUMBER_NOT_OF_OPERATOR', without([{ ...tigo, patron_numero: '6[0-9]{7}' }])],
    ['MERCHANT_NOT_CONFIGURED', null],
    ['OPERATOR_NOT_OFFERED', principal, aCarrierStates({ offered: ['entel'] })],
  ] as const
  for (const [code, shop, carriers = null] of later) {
    expect(readSale(shop, good, { ...till, carriers })).toMatchObject({
      payload,
      input: { type: 'refused', refusal: { code } },
    })
  }
  const renamed = readSale(without([{ ...tigo, slug: 'otro' }], 'COP'), good, till)
  expect(renamed).toMatchObject({ payload, input: { type: 'RequestTopup.v1' } })
})

test.each(['7894-5612', '+591 78945612', '0059178945612'])(
  '%s is sold to 78945612, and is another press than the bare number',
  (written) => {
    const bare = readSale(principal, good, till)
    const press = readSale(principal, { ...good, numero_cliente: written }, till)
    expect(press.input).toEqual(bare.input)
    expect(press.payload).toEqual({ ...bare.payload, number: written })
  },
)

test('pesos have no centavos at the carrier', () => {
  const body = { ...good, operadora: 'Movistar', numero_cliente: '3101234567', monto: 5_000.5 }
  expect(problemOf(body, bogota).code).toBe('AMOUNT_OFF_STEP')
})

test('all wrong fields are reported at once, as the POS knows it: a list', () => {
  const { wording, detail, extra } = problemOf({
    operadora: 'Tigo',
    numero_cliente: 1,
    monto: -1,
    id_caja_sesion: 1,
  })
  expect(wording).toEqual([
    'El número del cliente debe ser un texto.',
    'El monto no debe ser negativo.',
  ])
  expect(detail).toBe(
    'numero_cliente: debe ser un texto, entre comillas; monto: no debe ser negativo',
  )
  expect(extra.members).toEqual({ campo: 'numero_cliente' })
})

test.each<readonly [string | undefined, number | null]>([
  ['wait=5', 5_000],
  ['respond-async, wait=0', 0],
  ['wait="10"', 10_000],
  ['wait=9999', 25_000],
  ['wait=-1', null],
  ['await=5', null],
  ['wait=soon', null],
  [undefined, null],
])('Prefer: %s', (header, waitMs) => {
  expect(readPreferredWait(header)?.waitMs ?? null).toBe(waitMs)
})
