import type { Outcome } from './command.ts'
import type { KeptCommands } from './kept-commands.ts'

type Props<Command, Result> = {
  readonly label: string
  readonly commands: KeptCommands<Command, Result> | null
  readonly textOf: (outcome: Outcome<Command, Result>) => string
}

/** The outcome of the last command. A screen reader says each change of it. */
export const OutcomeNotice = <Command, Result>(props: Props<Command, Result>) => {
  const outcome = props.commands?.outcome.value ?? null
  return (
    <p role="status" aria-label={props.label} class={outcome?.kind === 'done' ? '' : 'fault'}>
      {outcome === null ? '' : props.textOf(outcome)}
    </p>
  )
}
