import { useSignal } from '@preact/signals'
import { asFailure, sentenceOf, valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { newKey } from '../presses/locks.ts'
import { till } from '../presses/tills.ts'
import { openSales, type Row } from './reads.ts'
import { words } from './words.ts'

/** Takes the cashier's word on a sale that was made on the operator's own phone. */
export const ConfirmForm = ({ row }: { readonly row: Row }) => {
  const say = words.value
  const code = useSignal('')
  const fault = useSignal('')
  const isSending = useSignal(false)
  const id = `code-${row.id}`
  const tell = async (resultado: 'AUTORIZADA' | 'RECHAZADA') => {
    if (isSending.value) return
    isSending.value = true
    const codigo = code.value.trim()
    const body = resultado === 'AUTORIZADA' ? { resultado, codigo } : { resultado }
    try {
      await valueOf(
        client.api.POST('/recargas/cliente/{id}/confirmar', {
          params: { path: { id: row.id_transaccion } },
          headers: { 'Idempotency-Key': newKey() },
          body,
        }),
      )
      fault.value = ''
      await Promise.all([openSales.refresh(), till.value?.resume(true)])
    } catch (thrown) {
      fault.value = sentenceOf(asFailure(thrown))
    } finally {
      isSending.value = false
    }
  }
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void tell('AUTORIZADA')
      }}
    >
      <label for={id}>{say.code}</label>
      <input
        id={id}
        autocomplete="off"
        maxLength={60}
        required
        value={code.value}
        aria-describedby={`${id}-fault`}
        onInput={(event) => (code.value = event.currentTarget.value)}
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
