import { amountInput, Field } from '../forms/field.tsx'
import { amountOf } from '../language/format.ts'
import { readAmount } from '../vender/order.ts'
import { pressDrawer, refusalOf } from './drawer.ts'
import { Modal, useDialogFields } from './modal.tsx'
import { words } from './words.ts'

type Props = { readonly sessionId: number; readonly close: () => void }

const kinds = ['INGRESO', 'EGRESO'] as const
type Form = {
  readonly kind: (typeof kinds)[number]
  readonly amount: string
  readonly reason: string
}
const empty: Form = { kind: 'INGRESO', amount: '', reason: '' }

/** Cash that enters or leaves the drawer other than by a sale. */
export const MovementDialog = ({ sessionId, close }: Props) => {
  const say = words.value
  const { form, change, field, leave } = useDialogFields(`movement ${sessionId}`, empty, close)
  const submit = async () => {
    const amount = readAmount(form.amount)
    const motivo = form.reason.trim()
    if (amount === null) return say.amountWrong
    if (motivo === '') return say.reasonMissing
    const body = { tipo: form.kind, monto: amountOf(amount), motivo, id_sesion_caja: sessionId }
    return refusalOf(await pressDrawer({ kind: 'move', body }))
  }
  return (
    <Modal title={say.move} confirm={say.book} submit={submit} close={leave}>
      <div role="radiogroup" aria-label={say.kind} class="row">
        {kinds.map((kind) => (
          <label key={kind}>
            <input
              type="radio"
              name="movement"
              checked={kind === form.kind}
              onChange={() => change({ kind })}
            />{' '}
            {say[kind]}
          </label>
        ))}
      </div>
      <Field {...amountInput} {...field('amount')} id="movement-amount" label={say.amount} />
      <Field {...field('reason')} id="movement-reason" label={say.reason} />
    </Modal>
  )
}
