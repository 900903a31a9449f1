import { amountOf, minorOf } from '../language/format.ts'
import type { Goods } from '../presses/press.ts'
import type { Bundle, Operator, Row } from './reads.ts'

/** The form as it was filled in. */
export type Form = {
  readonly operator: string
  readonly number: string
  readonly amount: string
  /** The package's code, empty until one is chosen; null for a plain top-up. */
  readonly bundle: string | null
}

export type Fault =
  | { readonly kind: 'operator' }
  | { readonly kind: 'number-missing' | 'number-wrong' }
  | { readonly kind: 'bundle' }
  | { readonly kind: 'amount-missing' | 'amount-wrong' | 'below' | 'above' | 'step' }

export type Faults = {
  readonly operator: Fault | null
  readonly number: Fault | null
  /** The fault of the amount, or of the package that takes its place. */
  readonly amount: Fault | null
}

/** @returns minor units; null for a text that is not exactly one amount, such as 1.000 */
export const readAmount = (text: string): number | null => {
  const found = /^(\d{1,9})(?:[.,](\d{1,2}))?$/.exec(text.trim())
  if (found === null) return null
  const [, whole = '', fraction = ''] = found
  return Number(whole) * 100 + Number(fraction.padEnd(2, '0'))
}

/** The number without the spaces and dashes that make it readable. */
export const readNumber = (text: string): string => text.replaceAll(/[\s-]/g, '')

/** A number with the country's code is left to the gateway, which knows the code. */
const fits = (pattern: string, number: string): boolean => {
  if (/^(?:\+|00)/.test(number)) return true
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(number)
  } catch {
    return true
  }
}

export const numberFault = (operator: Operator | undefined, text: string): Fault | null => {
  const number = readNumber(text)
  if (number === '') return { kind: 'number-missing' }
  if (operator === undefined || fits(operator.patron_numero, number)) return null
  return { kind: 'number-wrong' }
}

export const amountFault = (operator: Operator | undefined, text: string): Fault | null => {
  if (text.trim() === '') return { kind: 'amount-missing' }
  const amount = readAmount(text)
  if (amount === null) return { kind: 'amount-wrong' }
  if (operator === undefined) return null
  if (amount < minorOf(operator.minimo)) return { kind: 'below' }
  if (amount > minorOf(operator.maximo)) return { kind: 'above' }
  return amount % minorOf(operator.paso) === 0 ? null : { kind: 'step' }
}

export type OnSale = {
  readonly operators: readonly Operator[]
  /** The packages of the chosen operator. */
  readonly bundles: readonly Bundle[]
}

/** @returns the order to send, or the fault of each field */
export const readOrder = (
  form: Form,
  { operators, bundles }: OnSale,
  id_caja_sesion: number,
): Goods | { readonly kind: 'faults'; readonly faults: Faults } => {
  const operator = operators.find(({ nombre }) => nombre === form.operator)
  const bundle = bundles.find(({ codigo }) => codigo === form.bundle)
  const amount = bundle === undefined ? readAmount(form.amount) : null
  const faults: Faults = {
    operator: operator === undefined ? { kind: 'operator' } : null,
    number: numberFault(operator, form.number),
    amount: form.bundle === null ? amountFault(operator, form.amount) : bundleFault(bundle),
  }
  if (operator === undefined || Object.values(faults).some((fault) => fault !== null)) {
    return { kind: 'faults', faults }
  }
  const sold = {
    operadora: operator.nombre,
    numero_cliente: readNumber(form.number),
    id_caja_sesion,
  }
  if (bundle === undefined)
    return { kind: 'topup', order: { ...sold, monto: amountOf(amount ?? 0) } }
  const { codigo, nombre, precio } = bundle
  return { kind: 'bundle', name: nombre, order: { ...sold, codigo_paquete: codigo, monto: precio } }
}

const bundleFault = (bundle: Bundle | undefined): Fault | null =>
  bundle === undefined ? { kind: 'bundle' } : null

const usualMax = 4
const defaults: Readonly<Record<Operator['moneda'], readonly number[]>> = {
  BOB: [10, 20, 50, 100],
  COP: [2_000, 5_000, 10_000, 20_000],
}

/** The amounts that the shop sells most of this operator, filled up with common ones that it may sell. */
export const usualAmounts = (operator: Operator, recent: readonly Row[]): readonly number[] => {
  const counts = new Map<number, number>()
  for (const { operadora, paquete, monto } of recent) {
    const amount = Number(monto)
    if (operadora === operator.nombre && paquete === null)
      counts.set(amount, (counts.get(amount) ?? 0) + 1)
  }
  const sold = [...counts].sort(([, one], [, other]) => other - one).map(([amount]) => amount)
  const sellable = [...sold, ...defaults[operator.moneda]].filter(
    (amount) => amountFault(operator, String(amount)) === null,
  )
  return [...new Set(sellable)].slice(0, usualMax).sort((one, other) => one - other)
}
