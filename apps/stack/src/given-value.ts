import { settingOf } from '@recargas/runtime'
import { InvalidArgumentError } from 'commander'

/** A value of the environment: NAME itself, or the content of the file that NAME_FILE names. Empty counts as not set. */
export const environmentValue = (name: string): string | undefined => settingOf(process.env, name)

/** Reads an option's value. Without it a count that is no number would run no round, and nothing would be wrong. */
export const wholeNumber =
  (min = 1, max = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const number = text.trim() === '' ? NaN : Number(text)
    if (Number.isInteger(number) && number >= min && number <= max) return number
    throw new InvalidArgumentError(`a whole number from ${min} to ${max}`)
  }
