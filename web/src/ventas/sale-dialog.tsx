import { useEffect, useRef } from 'preact/hooks'
import { sentenceOf } from '../api/answer.ts'
import { valueIn } from '../api/resource.ts'
import { useSheets } from '../api/sheets.ts'
import { shopMoney, shopTime } from '../api/shop.ts'
import { phone } from '../language/format.ts'
import { readSheet } from '../mi-caja/reads.ts'
import { Timeline } from '../revision/timeline.tsx'
import { Receipt } from '../vender/receipt.tsx'
import { openedId, openedSale, type AuditedSale, type Sale } from './reads.ts'
import { words } from './words.ts'

/** One sale with all that happened to it, over the list. */
export const SaleDialog = ({ id }: { readonly id: string }) => {
  const say = words.value
  const dialog = useRef<HTMLDialogElement>(null)
  const opened = valueIn(openedSale.useShown())
  const sale = opened !== null && 'sale' in opened && opened.id === id ? opened.sale : null
  const failure = opened !== null && 'failure' in opened ? opened.failure : null
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} aria-labelledby="sale" onClose={() => (openedId.value = null)}>
      <h2 id="sale">{sale === null ? say.loading : say.sale(sale.id)}</h2>
      {failure !== null && <p role="alert">{sentenceOf(failure)}</p>}
      {sale !== null && <Details sale={sale} />}
      {sale !== null && isAudited(sale) && <Timeline sale={sale} />}
      {sale !== null && <ShiftSheet sessionId={sale.id_caja_sesion} />}
      {sale !== null && <Receipt saleId={id} />}
      <button type="button" onClick={() => dialog.current?.close()}>
        {say.close}
      </button>
    </dialog>
  )
}

const isAudited = (sale: Sale): sale is AuditedSale => 'intentos' in sale

const Details = ({ sale }: { readonly sale: Sale }) => {
  const say = words.value
  const facts: readonly (readonly [string, string | null])[] = [
    [say.state, say[sale.estado]],
    [say.reason, sale.motivo ?? null],
    [say.operator, sale.operadora],
    [say.bundle, sale.paquete?.nombre ?? null],
    [say.number, phone(sale.numero_cliente)],
    [say.amount, shopMoney(sale.monto)],
    [say.session, String(sale.id_caja_sesion)],
    [say.cashier, sale.id_user_create === null ? null : String(sale.id_user_create)],
    [say.requested, shopTime(sale.fecha_hora)],
    [say.updated, shopTime(sale.updated_at)],
    [say.id, sale.id_transaccion],
  ]
  return (
    <dl class="facts">
      {facts.map(
        ([name, fact]) =>
          fact !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{fact}</dd>
            </div>
          ),
      )}
    </dl>
  )
}

const ShiftSheet = ({ sessionId }: { readonly sessionId: number }) => {
  const { fault, save } = useSheets()
  const name = `arqueo-sesion-${sessionId}.csv`
  return (
    <>
      <div class="row">
        <button type="button" onClick={() => void save(name, () => readSheet(sessionId))}>
          {words.value.shiftSheetOf(sessionId)}
        </button>
      </div>
      <p role="alert" class="fault">
        {fault.value}
      </p>
    </>
  )
}
