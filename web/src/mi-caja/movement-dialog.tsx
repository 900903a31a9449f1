import { useSignal } from '@preact/signals'
import { amountOf } from '../language/format.ts'
import { readAmount } from '../vender/order.ts'
import type { Command, Outcome } from './command.ts'
import { Modal } from './modal.tsx'
import { outcomeText } from './notice.tsx'
import { words } from './words.ts'

type Props = {
  readonly sessionId: number
  readonly press: (command: Command) => Promise<Outcome>
  readonly close: () => void
}

/** Cash that enters or leaves the drawer other than by a sale. */
export const MovementDialog = ({ sessionId, press, close }: Props) => {
  const say = words.value
  const kind = useSignal<'INGRESO' | 'EGRESO'>('INGRESO')
  const amount = useSignal('')
  const reason = useSignal('')
  const fault = useSignal('')
  const submit = async () => {
    const read = readAmount(amount.value)
    const motivo = reason.value.trim()
    fault.value = read === null ? say.amountWrong : motivo === '' ? say.reasonMissing : ''
    if (read === null || motivo === '') return
    const body = { tipo: kind.value, monto: amountOf(read), motivo, id_sesion_caja: sessionId }
    const outcome = await press({ kind: 'move', body })
    if (outcome.kind === 'refused') fault.value = outcomeText(outcome)
    else close()
  }
  return (
    <Modal
      title={say.movement}
      confirm={say.book}
      fault={fault.value}
      submit={submit}
      close={close}
    >
      <div role="radiogroup" aria-label={say.kind} class="row">
        {(['INGRESO', 'EGRESO'] as const).map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="movement"
              checked={each === kind.value}
              onChange={() => (kind.value = each)}
            />{' '}
            {each === 'INGRESO' ? say.cashIn : say.cashOut}
          </label>
        ))}
      </div>
      <label for="movement-amount">{say.amount}</label>
      <input
        id="movement-amount"
        inputMode="decimal"
        autocomplete="off"
        maxLength={12}
        value={amount.value}
        onInput={(event) => (amount.value = event.currentTarget.value)}
      />
      <label for="movement-reason">{say.reason}</label>
      <input
        id="movement-reason"
        autocomplete="off"
        maxLength={500}
        value={reason.value}
        onInput={(event) => (reason.value = event.currentTarget.value)}
      />
    </Modal>
  )
}
