import type { InputHTMLAttributes } from 'preact'

/** Attributes of an amount's input. */
export const amountInput = { inputMode: 'decimal', maxLength: 12 } as const

type Attributes = 'inputMode' | 'maxLength' | 'required' | 'aria-invalid' | 'aria-describedby'
type Props = Pick<InputHTMLAttributes, Attributes> & {
  readonly type?: 'date'
  readonly id: string
  readonly label: string
  readonly value: string
  readonly change: (text: string) => void
}

/** An input with its label, for what no browser should fill in. */
export const Field = ({ label, change, ...input }: Props) => (
  <div>
    <label for={input.id}>{label}</label>
    <input
      autocomplete="off"
      maxLength={500}
      {...input}
      onInput={(event) => change(event.currentTarget.value)}
    />
  </div>
)
