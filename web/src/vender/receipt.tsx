import { useSignal } from '@preact/signals'
import { asFailure, sentenceOf, valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { words } from './words.ts'

/** The receipt of one sale: shown as the printer would print it, printed by the browser, shared where the device can. */
export const Receipt = ({ saleId }: { readonly saleId: string }) => {
  const say = words.value
  const text = useSignal('')
  const fault = useSignal('')
  const read = async () => {
    try {
      text.value = await valueOf(
        client.api.GET('/recargas/cliente/{id}/comprobante', {
          params: { path: { id: saleId }, query: { formato: 'texto', ancho: '58' } },
          parseAs: 'text',
        }),
      )
      fault.value = ''
    } catch (thrown) {
      fault.value = sentenceOf(asFailure(thrown))
    }
  }
  const share = () => {
    // A person who closes the sheet of the device has shared nothing, and needs no message.
    void navigator.share({ text: text.value }).catch(() => undefined)
  }
  return (
    <>
      <div class="row">
        <button type="button" onClick={() => void read()}>
          {say.receipt}
        </button>
        {text.value !== '' && (
          <button type="button" onClick={() => window.print()}>
            {say.print}
          </button>
        )}
        {text.value !== '' && 'share' in navigator && (
          <button type="button" onClick={share}>
            {say.share}
          </button>
        )}
      </div>
      <p class="fault">{fault.value}</p>
      {text.value !== '' && (
        <section aria-label={say.receipt} class="receipt">
          <pre>{text.value}</pre>
        </section>
      )}
    </>
  )
}
