import { useSignal } from '@preact/signals'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { useRequest } from '../api/use-request.ts'
import { Field } from '../forms/field.tsx'
import { onSent } from '../forms/sent-form.tsx'
import { newKey } from '../presses/locks.ts'
import { till } from '../presses/tills.ts'
import { openSales, type Row } from './reads.ts'
import { words } from './words.ts'

/** Takes the cashier's word on a sale that was made on the operator's own phone. */
export const ConfirmForm = ({ row }: { readonly row: Row }) => {
  const say = words.value
  const code = useSignal('')
  const { fault, make } = useRequest()
  const id = `code-${row.id}`
  const tell = (resultado: 'AUTORIZADA' | 'RECHAZADA') =>
    make(async () => {
      const codigo = code.value.trim()
      const body = resultado === 'AUTORIZADA' ? { resultado, codigo } : { resultado }
      await valueOf(
        client.api.POST('/recargas/cliente/{id}/confirmar', {
          params: { path: { id: row.id_transaccion } },
          headers: { 'Idempotency-Key': newKey() },
          body,
        }),
      )
      await Promise.all([openSales.refresh(), till.value?.resume(true)])
      return undefined
    })
  return (
    <form onSubmit={onSent(() => tell('AUTORIZADA'))}>
      <Field
        id={id}
        label={say.code}
        maxLength={60}
        required
        value={code.value}
        aria-describedby={`${id}-fault`}
        change={(text) => (code.value = text)}
      />
      <p id={`${id}-fault`} class="fault">
        {fault.value}
      </p>
      <div class="row">
        <button>{say.confirmSold}</button>
        <button type="button" onClick={() => void tell('RECHAZADA')}>
          {say.confirmNotSold}
        </button>
      </div>
    </form>
  )
}
