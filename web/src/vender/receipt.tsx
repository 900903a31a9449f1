import { useSignal } from '@preact/signals'
import { valueOf } from '../api/answer.ts'
import { client } from '../api/client.ts'
import { useRequest } from '../api/use-request.ts'
import { words } from './words.ts'

/** The receipt of one sale: shown as the printer would print it, printed by the browser, shared where the device can. */
export const Receipt = ({ saleId }: { readonly saleId: string }) => {
  const say = words.value
  const text = useSignal('')
  const { fault, make } = useRequest()
  const read = async () => {
    text.value = await valueOf(
      client.api.GET('/recargas/cliente/{id}/comprobante', {
        params: { path: { id: saleId }, query: { formato: 'texto', ancho: '58' } },
        parseAs: 'text',
      }),
    )
    return undefined
  }
  const share = () => {
    // A person who closes the sheet of the device has shared nothing, and needs no message.
    void navigator.share({ text: text.value }).catch(() => undefined)
  }
  return (
    <>
      <div class="row">
        <button type="button" onClick={() => void make(read)}>
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
