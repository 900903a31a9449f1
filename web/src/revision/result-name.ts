import type { Result } from './decision.ts'
import { words } from './words.ts'

/** The name of a sale's end, as the buttons and the sentences have it. */
export const resultName = (result: Result): string =>
  result === 'AUTORIZADA' ? words.value.authorized : words.value.rejected
