/** The last two digits of a phone number are all a log ever shows. */
export const maskNumber = (number: string): string =>
  `${'*'.repeat(Math.max(0, number.length - 2))}${number.slice(-2)}`

/** Seven to fifteen digits, as phone numbers have; but no part of a word, of a UUID or of a decimal fraction. */
const phoneNumber = /(?<![\dA-Za-z]|\d\.|[0-9a-f]-)\d{7,15}(?![\dA-Za-z]|-[0-9a-f]{4}-)/g
const webToken = /\beyJ[\w-]{8,}(?:\.[\w-]*)*/g
const credentials = /\b(Bearer|Basic) +[\w.~+/=-]{4,}/gi
const passwordInAddress = /(\w:\/\/[^:/@\s"]*):[^@/\s"]+@/g

/** Most texts hold nothing of the kind, and one look at them is enough. */
const mayHold = /\d{7}|eyJ|:\/\/|bearer|basic/i

/** A text without the phone numbers, tokens and passwords in it. */
export const maskText = (text: string): string =>
  !mayHold.test(text)
    ? text
    : text
        .replace(webToken, 'eyJ***')
        .replace(credentials, '$1 ***')
        .replace(passwordInAddress, '$1:***@')
        .replace(phoneNumber, maskNumber)

const secretName = /^(authorization|cookie|password|secret|api-?key|(service|access|id)_?token)$/i
const shortestSecret = 7
const shortestNumber = 1_000_000

/** Masks one value of a line; a number only when its field may hold a phone number. */
export const maskValue = (name: string, value: unknown): unknown => {
  if (typeof value === 'bigint') return value.toString()
  if (typeof value === 'string') {
    if (secretName.test(name)) return '***'
    return value.length < shortestSecret ? value : maskText(value)
  }
  const isPhone = typeof value === 'number' && Math.abs(value) >= shortestNumber
  return isPhone && /num|phone|tel|cel|msisdn/i.test(name) ? maskNumber(String(value)) : value
}
