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
      <label for="reason">{say.differenceReason}</label>
      <input
        id="reason"
        autocomplete="off"
        maxLength={500}
        value={form.reason}
        aria-describedby="reason-help"
        onInput={(event) => change({ reason: event.currentTarget.value })}
      />
      <p id="reason-help">{say.differenceHelp}</p>
      {isHandOver && (
        <>
          <label for="next">{say.next}</label>
          <input
            id="next"
            autocomplete="off"
            maxLength={64}
            value={form.next}
            onInput={(event) => change({ next: event.currentTarget.value })}
          />
        </>
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
