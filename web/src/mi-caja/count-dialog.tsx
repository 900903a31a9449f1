import { TextField } from '../forms/text-field.tsx'
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
  const { form, fault, isPendingAsked, counted, submit, leave, change } = useCount(props)
  return (
    <Modal
      title={isHandOver ? say.handOver : say.close}
      confirm={isHandOver ? say.confirmHandOver : say.confirmClose}
      fault={fault}
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
      <TextField
        id="reason"
        label={say.differenceReason}
        maxLength={500}
        value={form.reason}
        describedBy="reason-help"
        change={(text) => change({ reason: text })}
      />
      <p id="reason-help">{say.differenceHelp}</p>
      {isHandOver && (
        <TextField
          id="next"
          label={say.next}
          maxLength={64}
          value={form.next}
          change={(text) => change({ next: text })}
        />
      )}
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
