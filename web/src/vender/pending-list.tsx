import { valueIn } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { money, phone, time } from '../language/format.ts'
import { till } from '../presses/tills.ts'
import type { Press } from '../presses/press.ts'
import { isOldValue, ReadState } from '../api/read-state.tsx'
import { ConfirmForm } from './confirm-form.tsx'
import { isManual, openSales, type Row } from './reads.ts'
import { goodsText, stateWord } from './result.tsx'
import { words } from './words.ts'

/** Presses of this browser that the gateway's own list does not have: nobody knows yet whether they are sales. */
const unlistedOf = (kept: readonly Press[], rows: readonly Row[]): readonly Press[] => {
  const listed = new Set(rows.map(({ id_transaccion }) => id_transaccion))
  return kept.filter(({ saleId }) => saleId === null || !listed.has(saleId))
}

const unlistedWord = ({ isDenied, saleId }: Press): string => {
  const say = words.value
  if (isDenied) return say.notSold
  return saleId === null ? say.unknown : say.pending
}

/** Sales without an outcome: the shop's, and the presses of this browser. */
export const PendingList = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  const shown = openSales.useShown()
  const rows = valueIn(shown) ?? []
  const whyNot = whyUnread(shown)
  const unlisted = unlistedOf(till.value?.kept.value ?? [], rows)
  const ended = till.value?.ended.value ?? []
  return (
    <section aria-labelledby="pendings">
      <h2 id="pendings">{say.pendings}</h2>
      {isOldValue(shown) && <ReadState shown={shown} />}
      {whyNot !== null && <p>{whyNot}</p>}
      {whyNot === null && rows.length + unlisted.length === 0 && <p>{say.noPendings}</p>}
      <ul aria-labelledby="pendings">
        {unlisted.map((press) => (
          <li key={press.key}>
            <strong>{unlistedWord(press)}</strong> {goodsText(press.goods, currency)}{' '}
            {say.since(time(press.pressedAt))}
          </li>
        ))}
        {rows.map((row) => (
          <li key={row.id}>
            <strong>{row.estado === 'EN_REVISION' ? say.inReview : say.pending}</strong>{' '}
            {row.operadora} · {phone(row.numero_cliente)} · {money(row.monto, currency)} ·{' '}
            {say.saleNumber(row.id)} {say.since(time(row.fecha_hora))}
            {isManual(row.operadora) && row.estado === 'PENDIENTE' && <ConfirmForm row={row} />}
          </li>
        ))}
      </ul>
      {ended.length > 0 && (
        <div role="log" aria-labelledby="ended">
          <h3 id="ended">{say.ended}</h3>
          {ended.map((each) => (
            <p key={each.press.key}>
              <strong>{stateWord(each)}</strong> {goodsText(each.press.goods, currency)}
            </p>
          ))}
        </div>
      )}
    </section>
  )
}
