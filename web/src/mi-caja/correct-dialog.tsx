import { amountInput, Field } from '../forms/field.tsx'
import { amountOf } from '../language/format.ts'
import { readAmount } from '../vender/order.ts'
import { pressDrawer, refusalOf } from './drawer.ts'
import { Modal, useDialogFields } from './modal.tsx'
import { words } from './words.ts'

type Props = { readonly sessionId: number; readonly close: () => void }

const empty = { amount: '', reason: '' }

/** Corrects the count of a closing that was mistyped. Its figures stay; the correction is an entry of its own. */
export const CorrectDialog = ({ sessionId, close }: Props) => {
  const say = words.value
  const { form, field, leave } = useDialogFields(`correct ${sessionId}`, empty, close)
  const submit = async () => {
    const amount = readAmount(form.amount)
    const motivo = form.reason.trim()
    if (amount === null) return say.amountWrong
    if (motivo === '') return say.reasonMissing
    const body = { monto_final_real: amountOf(amount), motivo }
    return refusalOf(await pressDrawer({ kind: 'correct', sessionId, body }))
  }
  return (
    <Modal title={say.correct} confirm={say.confirmCorrection} submit={submit} close={leave}>
      <p>{say.correctHelp}</p>
      <Field {...amountInput} {...field('amount')} id="corrected" label={say.counted} />
      <Field {...field('reason')} id="correction-reason" label={say.reason} />
    </Modal>
  )
}
