type Props = {
  readonly id: string
  readonly label: string
  readonly value: string
  readonly change: (text: string) => void
  readonly maxLength: number
  readonly inputMode?: 'decimal' | 'numeric'
  readonly isRequired?: boolean
  readonly isInvalid?: boolean
  /** Ids of the texts that explain it or say what is wrong. */
  readonly describedBy?: string
}

/** A line of text with its label, for what no browser should fill in. */
export const TextField = ({ id, label, value, change, maxLength, ...rest }: Props) => (
  <>
    <label for={id}>{label}</label>
    <input
      id={id}
      inputMode={rest.inputMode}
      autocomplete="off"
      maxLength={maxLength}
      required={rest.isRequired}
      value={value}
      aria-invalid={rest.isInvalid}
      aria-describedby={rest.describedBy}
      onInput={(event) => change(event.currentTarget.value)}
    />
  </>
)
