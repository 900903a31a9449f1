import { Field } from '../forms/field.tsx'
import { amountOf, money } from '../language/format.ts'
import { sumOf } from './count.ts'
import { Modal } from './modal.tsx'
import { NotesField } from './notes-field.tsx'
import { useCount, type CountProps } from './use-count.ts'
import { words } from './words.ts'

/** Counts the notes, and closes the session or hands the caja over to the next cashier. */
export const CountDialog = (props: CountProps) => {
  const say = words.value
  const { merchant, isHandOver } = props
  const { form, change, field, isPendingAsked, counted, submit, leave } = useCount(props)
  return (
    <Modal
      title={say[isHandOver ? 'hand-over' : 'close']}
      confirm={isHandOver ? say.confirmHandOver : say.confirmClose}
      submit={submit}
      close={leave}
    >
      <NotesField
        values={merchant.denominaciones}
        texts={form.texts}
        change={(texts) => change({ texts })}
      />
      <p>
        {say.sum}{' '}
        <output aria-label={say.sum} class="figure">
          {counted === null ? '—' : money(amountOf(sumOf(counted)), merchant.moneda)}
        </output>
      </p>
      <Field
        {...field('reason')}
        id="reason"
        label={say.differenceReason}
        aria-describedby="reason-help"
      />
      <p id="reason-help">{say.differenceHelp}</p>
      {isHandOver && <Field {...field('next')} id="next" label={say.next} maxLength={64} />}
      {isPendingAsked && (
        <label>
          <input
            type="checkbox"
            checked={form.isPendingAccepted}
            onChange={(event) => change({ isPendingAccepted: event.currentTarget.checked })}
          />{' '}
          {say.acceptPending}
        </label>
      )}
    </Modal>
  )
}
