import { describe, expect, test } from '@jest/globals'
import { readAmount, readOrder, usualAmounts } from './order.ts'
import type { Bundle, Operator, Row } from './reads.ts'

const tigo = {
  nombre: 'Tigo',
  patron_numero: '[67][0-9]{7}',
  moneda: 'BOB',
  minimo: 0.5,
  maximo: 1_000,
  paso: 0.5,
} as Operator
const row = (operadora: string, numero_cliente: string, monto: string) =>
  ({ operadora, numero_cliente, monto, paquete: null }) as Row

describe('an amount', () => {
  test.each([
    ['10', 1_000],
    ['10.5', 1_050],
    ['10,50', 1_050],
    [' 0.05 ', 5],
  ])('%j is exact', (text, amount) => {
    expect(readAmount(text)).toBe(amount)
  })
  test.each(['', '1.000', '1,000.50', '-5', '1e3', '10.', 'diez', '1234567890'])(
    '%j is refused rather than guessed',
    (text) => {
      expect(readAmount(text)).toBeNull()
    },
  )
})

describe('an order', () => {
  const read = (operator: string, number: string, amount: string) =>
    readOrder({ operator, number, amount, bundle: null }, { operators: [tigo], bundles: [] }, 4)

  test('has the number without spaces and the amount as a number', () => {
    expect(read('Tigo', '7894-56 12', '10,50')).toEqual({
      kind: 'topup',
      order: { operadora: 'Tigo', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 4 },
    })
  })

  test('leaves a number with the country’s code to the gateway', () => {
    expect(read('Tigo', '+591 78945612', '10')).toMatchObject({
      order: { numero_cliente: '+59178945612' },
    })
  })

  test.each([
    ['', '78945612', '10', { operator: { kind: 'operator' }, number: null, amount: null }],
    ['Tigo', '', '10', { number: { kind: 'number-missing' } }],
    ['Tigo', '48945612', '10', { number: { kind: 'number-wrong' } }],
    ['Tigo', '78945612', '', { amount: { kind: 'amount-missing' } }],
    ['Tigo', '78945612', '1.000', { amount: { kind: 'amount-wrong' } }],
    ['Tigo', '78945612', '0.25', { amount: { kind: 'below' } }],
    ['Tigo', '78945612', '1000.5', { amount: { kind: 'above' } }],
    ['Tigo', '78945612', '10.25', { amount: { kind: 'step' } }],
  ])('%j %j %j is refused field by field', (operator, number, amount, faults) => {
    expect(read(operator, number, amount)).toMatchObject({ faults })
  })

  test('of a package has its code and the price that the cashier saw', () => {
    const bundle = { codigo: '024', nombre: '1 GB', precio: 12 } as Bundle
    const onSale = { operators: [tigo], bundles: [bundle] }
    const form = { operator: 'Tigo', number: '78945612', amount: '', bundle: '024' }
    expect(readOrder(form, onSale, 4)).toEqual({
      kind: 'bundle',
      name: '1 GB',
      order: {
        operadora: 'Tigo',
        numero_cliente: '78945612',
        codigo_paquete: '024',
        monto: 12,
        id_caja_sesion: 4,
      },
    })
    expect(readOrder({ ...form, bundle: '' }, onSale, 4)).toMatchObject({
      faults: { amount: { kind: 'bundle' } },
    })
  })

  test('with a pattern that this browser cannot read is left to the gateway', () => {
    const odd = { ...tigo, patron_numero: '(' }
    const form = { operator: 'Tigo', number: '1', amount: '10', bundle: null }
    expect(readOrder(form, { operators: [odd], bundles: [] }, 4).kind).toBe('topup')
  })
})

test('usual amounts are those that the shop sells most, and common ones that it may sell', () => {
  const recent = ['15', '15', '7', '0.25'].map((monto) => row('Tigo', '78945612', monto))
  expect(usualAmounts(tigo, recent)).toEqual([7, 10, 15, 20])
  expect(usualAmounts({ ...tigo, maximo: 12 }, [])).toEqual([10])
})
