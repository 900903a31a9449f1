import type { Signal } from '@preact/signals'
import { words } from './words.ts'

export type Option = readonly [value: string, text: string]

/** The value that is chosen; a single option is chosen already, and one that is offered no more is not. */
export const chosenIn = (options: readonly Option[], { value }: Signal<string>): string =>
  (options.length === 1 ? options[0] : options.find(([each]) => each === value))?.[0] ?? ''

type Props = {
  readonly id: string
  readonly label: string
  readonly chosen: Signal<string>
  readonly options: readonly Option[]
}

/** One of several, or none yet. */
export const Choice = ({ id, label, chosen, options }: Props) => (
  <>
    <label for={id}>{label}</label>
    <select
      id={id}
      value={chosenIn(options, chosen)}
      onChange={(event) => (chosen.value = event.currentTarget.value)}
    >
      <option value="">{words.value.choose}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </>
)
