import {
  currencyScale,
  formatDecimal,
  hiddenCharacter,
  hiddenInLine,
  parseDecimal,
  plainLinePattern,
  plainTextPattern,
  toDecimalNumber,
  type Currency,
  type Money,
} from '@recargas/contracts'
import { z } from 'zod'
import type { EdgeCode } from './edge-codes.ts'
import { digitsOf } from './written-number.ts'

/** Far above any drawer, far below where sums of minor units stop being exact. */
const amountMinorMax = 100_000_000_000

type Amount = { readonly currency: Currency; readonly least: 'positive' | 'zero' | number }
type Reading =
  | { readonly kind: 'ok'; readonly amount: Money }
  | { readonly kind: 'wrong'; readonly problem: EdgeCode; readonly message: string }

const wrong = (problem: EdgeCode, message: string): Reading => ({ kind: 'wrong', problem, message })

/** Reads a POS's amount, a JSON number, into minor units by its digits; each way to be wrong has its own code. */
const readAmount = (value: unknown, { currency, least }: Amount): Reading => {
  const digits = digitsOf(value)
  if (digits !== null) return refuseDigits(digits)
  if (typeof value !== 'number' || Number.isNaN(value)) {
    return wrong('FIELD_INVALID', 'debe ser un número')
  }
  if (value < 0) return wrong('AMOUNT_NEGATIVE', 'no debe ser negativo')
  if (value === 0 && least !== 'zero') return wrong('AMOUNT_ZERO', 'debe ser mayor que cero')
  // Before the decimal is read: large numbers are written with an exponent or without their last digits.
  if (value > amountMinorMax) return wrong('AMOUNT_TOO_LARGE', 'es demasiado grande')
  const amount = parseDecimal(value, currency)
  if (amount === null) return wrong('AMOUNT_TOO_PRECISE', 'tiene demasiados decimales')
  if (amount > amountMinorMax) return wrong('AMOUNT_TOO_LARGE', 'es demasiado grande')
  if (typeof least === 'number' && amount < least) {
    return wrong('AMOUNT_BELOW_MINIMUM', `no debe ser menor que ${formatDecimal(least, currency)}`)
  }
  return { kind: 'ok', amount }
}

/** An amount with more digits than a number holds exactly: either they lie after the point, or it is beyond all bounds. */
const refuseDigits = (digits: string): Reading => {
  if (digits.startsWith('-')) return wrong('AMOUNT_NEGATIVE', 'no debe ser negativo')
  return Number(digits) > amountMinorMax
    ? wrong('AMOUNT_TOO_LARGE', 'es demasiado grande')
    : wrong('AMOUNT_TOO_PRECISE', 'tiene demasiados decimales')
}

/** An amount as a field of a body. */
export const amountField = (rules: Amount) =>
  z
    .unknown()
    .transform((value, context): Money => {
      const reading = readAmount(value, rules)
      if (reading.kind === 'ok') return reading.amount
      context.addIssue({
        code: 'custom',
        message: reading.message,
        params: { problem: reading.problem },
      })
      return z.NEVER
    })
    .meta(amountOnWire(rules))

/**
 * The amount's description in the API document; the schema itself accepts anything, so that each mistake gets its own message.
 */
const amountOnWire = ({ currency, least }: Amount) => {
  const smallest = 1 / 10 ** currencyScale[currency]
  const leastMinor = { positive: 1, zero: 0 }
  return {
    type: 'number',
    minimum: toDecimalNumber(typeof least === 'number' ? least : leastMinor[least], currency),
    maximum: toDecimalNumber(amountMinorMax, currency),
    multipleOf: smallest,
    examples: [20],
  }
}

/** An operator as a POS names it; which there are, the catalogue knows. */
export const OperatorField = z
  .string()
  .max(40)
  .meta({ description: 'a `nombre` of GET /operadoras', examples: ['Tigo'] })

/** A phone number as a POS sends it; the catalogue decides its dialled form and its operator. */
export const NumberField = z
  .string()
  .max(40)
  .meta({
    description:
      'fits the operator’s `patron_numero` once spaces, dashes and the shop’s country code after + or 00 are left out',
    examples: ['78945612'],
  })

const refusedCharacters = 'tiene caracteres que no se admiten'

/** Text that a person writes: a reason, a note. Tabs and line breaks are part of it. */
export const textField = (lengthMax: number, example: string) =>
  z
    .string()
    .trim()
    .min(1)
    .max(lengthMax)
    .refine((text) => !hiddenCharacter.test(text), refusedCharacters)
    .meta({ pattern: plainTextPattern, examples: [example] })

/** A text of one line. */
export const lineField = (text: z.ZodString) =>
  text
    .refine((line) => !hiddenInLine.test(line), refusedCharacters)
    .meta({ pattern: plainLinePattern })

/** A numeric id that a POS sends in a body. */
export const IdField = z
  .int()
  .positive()
  .meta({ examples: [1] })

/** A user's id as text. */
export const UserText = lineField(z.string().min(1).max(64))

/** A user's id: a number at existing POS clients, any short text at others. */
export const UserField = z
  .union([z.int().nonnegative().transform(String), UserText])
  .meta({ description: 'id of a user', examples: [2] })
