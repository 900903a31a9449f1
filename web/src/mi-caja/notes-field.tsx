import { readPieces, type CountTexts } from './count.ts'
import { words } from './words.ts'

type Props = {
  readonly values: readonly number[]
  readonly texts: CountTexts
  readonly change: (texts: CountTexts) => void
}

/** One spin button for each note and coin of the shop's currency. */
export const NotesField = ({ values, texts, change }: Props) => (
  <div role="group" aria-label={words.value.notes} class="notes">
    {values.map((value) => (
      <div key={value}>
        <label for={`note-${value}`}>{value}</label>
        <input
          id={`note-${value}`}
          type="number"
          inputMode="numeric"
          min={0}
          step={1}
          value={texts[value] ?? ''}
          aria-invalid={readPieces(texts[value] ?? '') === null}
          onInput={({ currentTarget: { value: text, validity } }) => {
            // The browser gives no text for an input that it cannot read as a number.
            change({ ...texts, [value]: validity.badInput ? 'x' : text })
          }}
        />
      </div>
    ))}
  </div>
)
