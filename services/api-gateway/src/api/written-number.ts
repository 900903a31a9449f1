const text = Symbol('as it is written')

/** A JSON number with digits that a JavaScript number would drop or change. Nothing may be counted with it. */
export type WrittenNumber = { readonly [text]: string; readonly toJSON: () => string }

const writtenNumber = (written: string): WrittenNumber => ({
  [text]: written,
  // Remarks keep the number as it was written.
  toJSON: () => written,
})

/** The digits of a {@link WrittenNumber}; null for anything else. */
export const digitsOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && text in value
    ? (value as WrittenNumber)[text]
    : null

/** More than any exact number needs, and few enough to be compared at once. */
const charactersMax = 40
const parts = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/

/**
 * A number of a JSON text: as JavaScript knows it where that is the very number that is written (10.50, 1e-1), else with
 * all its digits (10.000000000000000001, 9007199254740993, 1e999).
 */
export const readNumber = (written: string): number | WrittenNumber => {
  const number = Number(written)
  if (String(number) === written) return number
  const isExact =
    Number.isFinite(number) &&
    written.length <= charactersMax &&
    decimalOf(written) === decimalOf(String(number))
  return isExact ? number : writtenNumber(written)
}

/** One text for each decimal number, however it is written. */
const decimalOf = (written: string): string => {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = parts.exec(written) ?? []
  const digits = `${whole}${fraction}`.replace(/^0+/, '')
  if (digits === '') return '0'
  const significant = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + (digits.length - significant.length)
  return `${sign}${significant}e${power}`
}
