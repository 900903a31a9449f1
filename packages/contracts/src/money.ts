import { z } from 'zod'
import { invariant } from './errors.ts'

/** Whole minor units (centavos) of the merchant's one currency. Never negative, never fractional. */
export const Money = z.int().nonnegative().brand<'MoneyMinor'>()
export type Money = z.infer<typeof Money>

/** The currencies a merchant can trade in, with the digits after the point that a POS sees. */
export const currencyScale = { BOB: 2, COP: 2 } as const satisfies Record<string, number>
export const Currency = z.enum(['BOB', 'COP'])
export type Currency = z.infer<typeof Currency>

/** Banknotes and coins in use, in minor units, largest first. */
export const usualDenominations: Readonly<Record<Currency, readonly number[]>> = {
  BOB: [20_000, 10_000, 5_000, 2_000, 1_000, 500, 200, 100, 50, 20, 10],
  COP: [
    10_000_000, 5_000_000, 2_000_000, 1_000_000, 500_000, 200_000, 100_000, 50_000, 20_000, 10_000,
    5_000,
  ],
}

/** Asserts an amount that the caller has checked: a whole, safe, non-negative count of minor units. */
export const money = (minor: number): Money => {
  invariant(Number.isSafeInteger(minor) && minor >= 0, `not an amount of minor units: ${minor}`)
  return minor as Money
}

const decimalPattern = /^(\d{1,12})(?:\.(\d+))?$/

/**
 * Reads a decimal as a POS writes it ("10.50", 10.5) without binary arithmetic: a JSON number is read by its
 * shortest decimal form. @returns null when it is negative, not a plain decimal, or has more digits than the
 * currency knows.
 */
export const parseDecimal = (text: string | number, currency: Currency): Money | null => {
  const match = decimalPattern.exec(String(text))
  if (match === null) return null
  const scale = currencyScale[currency]
  const fraction = (match[2] ?? '').replace(/0+$/, '')
  if (fraction.length > scale) return null
  const minor = Number(`${match[1] ?? ''}${fraction.padEnd(scale, '0')}`)
  return Number.isSafeInteger(minor) ? (minor as Money) : null
}

/** Minor units as the two-decimal string a POS reads in lists ("-0.50" for a shortage). */
export const formatDecimal = (minor: number, currency: Currency): string => {
  invariant(Number.isSafeInteger(minor), `not a count of minor units: ${minor}`)
  const scale = currencyScale[currency]
  const digits = String(Math.abs(minor)).padStart(scale + 1, '0')
  const sign = minor < 0 ? '-' : ''
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Minor units as the JSON number a POS reads in answers to POST (10.5). */
export const toDecimalNumber = (minor: number, currency: Currency): number =>
  Number(formatDecimal(minor, currency))
