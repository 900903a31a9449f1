import { outcomeText as outcomeTextOf } from '../presses/use-commands.ts'
import type { Command, Outcome } from './command.ts'
import { drawer } from './drawer.ts'
import { words } from './words.ts'

/** The name of a change, as its button has it. */
const nameOf = ({ kind }: Command): string => {
  const say = words.value
  switch (kind) {
    case 'open':
      return say.open
    case 'move':
      return say.movement
    case 'close':
      return say.close
    case 'hand-over':
      return say.handOver
    case 'correct':
      return say.correct
  }
}

/** The sentence of an outcome for the person at the drawer. */
export const outcomeText = (outcome: Outcome): string => outcomeTextOf(outcome, nameOf)

/** The outcome of the last command. A screen reader says each change of it. */
export const Notice = () => {
  const outcome = drawer.value?.outcome.value ?? null
  return (
    <p role="status" aria-label={words.value.title} class={outcome?.kind === 'done' ? '' : 'fault'}>
      {outcome === null ? '' : outcomeText(outcome)}
    </p>
  )
}
