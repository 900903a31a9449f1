import { writeSync } from 'node:fs'
import { maskText } from './mask.ts'

const standardError = 2
const textLengthMax = 8_000

/**
 * Writes the cause of the end to standard error before the process exits. The log may be the broken part, and its last lines
 * may never leave the process; a synchronous write has either happened or failed when this returns.
 */
export const writeLastWords = (text: string): void => {
  try {
    writeSync(standardError, `${maskText(text).slice(0, textLengthMax)}\n`)
  } catch {
    // Standard error is closed, full or unread too.
  }
}

/** An error with its stack and its causes. */
export const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error)
  const own = error.stack ?? `${error.name}: ${error.message}`
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`
}
