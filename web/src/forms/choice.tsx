import type { HTMLAttributes } from 'preact'

export type Option = readonly [value: string, text: string]

type Chosen = {
  readonly options: readonly Option[]
  readonly value: string
  readonly change: (value: string) => void
}

/** A choice whose single option is chosen already, and where one that is offered no more is not. */
export const choiceOf = ({ options, value, change }: Chosen): Chosen => {
  const found = options.length === 1 ? options[0] : options.find(([each]) => each === value)
  return { options, value: found?.[0] ?? '', change }
}

type Props = Pick<HTMLAttributes, 'aria-invalid' | 'aria-describedby'> &
  Chosen & {
    readonly id: string
    readonly label: string
    /** The text in place of a choice; without it one is always chosen. */
    readonly none?: string
  }

/** One of several, with its label. */
export const Choice = ({ label, none, options, change, ...select }: Props) => (
  <div>
    <label for={select.id}>{label}</label>
    <select {...select} onChange={(event) => change(event.currentTarget.value)}>
      {none !== undefined && <option value="">{none}</option>}
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </div>
)
