import { useSignal } from '@preact/signals'
import { TextField } from '../forms/text-field.tsx'
import { amountOf } from '../language/format.ts'
import { draftOf } from '../session/draft.ts'
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

type Form = {
  readonly kind: 'INGRESO' | 'EGRESO'
  readonly amount: string
  readonly reason: string
}
const empty: Form = { kind: 'INGRESO', amount: '', reason: '' }

/** Cash that enters or leaves the drawer other than by a sale. */
export const MovementDialog = ({ sessionId, press, close }: Props) => {
  const say = words.value
  const form = draftOf(`movement ${sessionId}`, empty)
  const fault = useSignal('')
  const submit = async () => {
    const read = readAmount(form.value.amount)
    const motivo = form.value.reason.trim()
    fault.value = read === null ? say.amountWrong : motivo === '' ? say.reasonMissing : ''
    if (read === null || motivo === '') return
    const body = { tipo: form.value.kind, monto: amountOf(read), motivo, id_sesion_caja: sessionId }
    const outcome = await press({ kind: 'move', body })
    if (outcome.kind === 'refused') fault.value = outcomeText(outcome)
    else leave()
  }
  const leave = () => {
    form.value = empty
    close()
  }
  const change = (changes: Partial<Form>) => (form.value = { ...form.value, ...changes })
  return (
    <Modal
      title={say.movement}
      confirm={say.book}
      fault={fault.value}
      submit={submit}
      close={leave}
    >
      <div role="radiogroup" aria-label={say.kind} class="row">
        {(['INGRESO', 'EGRESO'] as const).map((each) => (
          <label key={each}>
            <input
              type="radio"
              name="movement"
              checked={each === form.value.kind}
              onChange={() => change({ kind: each })}
            />{' '}
            {each === 'INGRESO' ? say.cashIn : say.cashOut}
          </label>
        ))}
      </div>
      <TextField
        id="movement-amount"
        label={say.amount}
        inputMode="decimal"
        maxLength={12}
        value={form.value.amount}
        change={(text) => change({ amount: text })}
      />
      <TextField
        id="movement-reason"
        label={say.reason}
        maxLength={500}
        value={form.value.reason}
        change={(text) => change({ reason: text })}
      />
    </Modal>
  )
}
