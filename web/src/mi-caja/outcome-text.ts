import { outcomeText as outcomeTextOf } from '../presses/use-commands.ts'
import type { Outcome } from './command.ts'
import { words } from './words.ts'

/** The sentence of an outcome for the person at the drawer; a change has the name of its button. */
export const outcomeText = (outcome: Outcome): string =>
  outcomeTextOf(outcome, ({ kind }) => words.value[kind])
