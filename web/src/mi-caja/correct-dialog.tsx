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

/** Corrects the count of a closing that was mistyped. Its figures stay; the correction is an entry of its own. */
export const CorrectDialog = ({ sessionId, press, close }: Props) => {
  const say = words.value
  const form = draftOf(`correct ${sessionId}`, { amount: '', reason: '' })
  const fault = useSignal('')
  const submit = async () => {
    const { amount, reason } = form.value
    const counted = readAmount(amount)
    const motivo = reason.trim()
    fault.value = counted === null ? say.amountWrong : motivo === '' ? say.reasonMissing : ''
    if (counted === null || motivo === '') return
    const body = { monto_final_real: amountOf(counted), motivo }
    const outcome = await press({ kind: 'correct', sessionId, body })
    if (outcome.kind === 'refused') fault.value = outcomeText(outcome)
    else leave()
  }
  const leave = () => {
    form.value = { amount: '', reason: '' }
    close()
  }
  return (
    <Modal
      title={say.correct}
      confirm={say.confirmCorrection}
      fault={fault.value}
      submit={submit}
      close={leave}
    >
      <p>{say.correctHelp}</p>
      <TextField
        id="corrected"
        label={say.counted}
        inputMode="decimal"
        maxLength={12}
        value={form.value.amount}
        change={(text) => (form.value = { ...form.value, amount: text })}
      />
      <TextField
        id="correction-reason"
        label={say.reason}
        maxLength={500}
        value={form.value.reason}
        change={(text) => (form.value = { ...form.value, reason: text })}
      />
    </Modal>
  )
}
