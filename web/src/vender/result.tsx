import { sentenceOf } from '../api/answer.ts'
import { money, phone } from '../language/format.ts'
import { till } from '../presses/tills.ts'
import type { Goods, Shown } from '../presses/press.ts'
import { isManual } from './reads.ts'
import { Receipt } from './receipt.tsx'
import { words } from './words.ts'

/** The sale in few words, so that nobody takes the result of one for another's. */
export const goodsText = ({ kind, order, ...rest }: Goods, currency: string | null): string => {
  const name = 'name' in rest ? ` ${rest.name}` : ''
  const amount = order.monto === undefined ? '' : ` · ${money(order.monto, currency)}`
  return `${order.operadora}${kind === 'bundle' ? name : ''} · ${phone(order.numero_cliente)}${amount}`
}

/** The word of a state, as the names that stay have it. */
export const stateWord = ({ kind }: Shown): string => {
  const say = words.value
  const names: Readonly<Record<Shown['kind'], string>> = {
    sending: say.sending,
    sold: say.sold,
    pending: say.pending,
    refused: say.refused,
    unknown: say.unknown,
    'sign-in': say.unknown,
    asking: say.duplicate,
    late: say.notSold,
    'not-sent': say.notSold,
    'not-kept': say.notSold,
    'other-tab': say.notSold,
  }
  return names[kind]
}

const adviceOf = (shown: Shown): string => {
  const say = words.value
  switch (shown.kind) {
    case 'sending':
    case 'sold':
      return ''
    case 'pending':
      return isManual(shown.press.goods.order.operadora) ? say.manualAdvice : say.pendingAdvice
    case 'refused':
      return `${sentenceOf({ code: shown.code, sentence: shown.message })} ${say.refusedAdvice}`
    case 'unknown':
      return say.unknownAdvice
    case 'sign-in':
      return say.signInAdvice
    case 'asking':
      return say.askingAdvice
    case 'late':
      return say.lateAdvice
    case 'not-sent':
      return say.notSentAdvice
    case 'not-kept':
      return shown.fault === 'full' ? say.storageFull : say.storageForbidden
    case 'other-tab':
      return say.otherTab
  }
}

/** The outcome of the last press. A screen reader says each change of it. */
export const Result = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  const shown = till.value?.shown.value ?? null
  const sale = shown !== null && 'sale' in shown ? shown.sale : null
  return (
    <section aria-labelledby="result" class={`result ${shown?.kind ?? ''}`}>
      <h2 id="result">{say.result}</h2>
      <div role="status" aria-labelledby="result">
        {shown !== null && (
          <>
            <strong>{stateWord(shown)}</strong>
            {'press' in shown && <p>{goodsText(shown.press.goods, currency)}</p>}
            {sale !== null && <p>{say.saleNumber(sale.id)}</p>}
            <p>{adviceOf(shown)}</p>
          </>
        )}
      </div>
      {sale !== null && <Receipt key={sale.id_transaccion} saleId={sale.id_transaccion} />}
    </section>
  )
}
