import { useSignal } from '@preact/signals'
import { isReachable } from '../api/connection.ts'
import { shopMoney, shopTime } from '../api/shop.ts'
import { useRequest } from '../api/use-request.ts'
import { TextField } from '../forms/text-field.tsx'
import { phone } from '../language/format.ts'
import { Timeline } from '../revision/timeline.tsx'
import { cases, closeCase, type Case } from './reads.ts'
import { words } from './words.ts'

/** One discrepancy: the sale or the difference it is about, and the person who explained it or the form to do so. */
export const CaseItem = ({ item }: { readonly item: Case }) => {
  const say = words.value
  const { tipo, monto, fecha, recarga, diferencia, cierre } = item
  return (
    <li>
      <h3>
        {kindName(tipo)}
        {monto !== null && ` · ${shopMoney(monto)}`}
      </h3>
      <p>{say.opened(shopTime(fecha))}</p>
      {recarga !== null && (
        <details>
          <summary>{saleText(recarga)}</summary>
          <Timeline sale={recarga} />
        </details>
      )}
      {diferencia !== undefined && <Difference difference={diferencia} />}
      {cierre === null ? (
        <CloseForm id={item.id} />
      ) : (
        <p>{say.closed(cierre.por, shopTime(cierre.fecha), cierre.motivo)}</p>
      )}
    </li>
  )
}

const saleText = (sale: NonNullable<Case['recarga']>): string =>
  `${words.value.sale(sale.id)} · ${sale.operadora} · ${phone(sale.numero_cliente)} · ${shopMoney(sale.monto)}`

const Difference = ({ difference }: { readonly difference: NonNullable<Case['diferencia']> }) => {
  const say = words.value
  const { unidades_proveedor: units, desde, hasta, posibles } = difference
  return (
    <>
      <p>{say.difference(units, shopTime(desde), shopTime(hasta))}</p>
      {posibles.length > 0 && (
        <>
          <p>{say.likely}</p>
          <ul>
            {posibles.map((sale) => (
              <li key={sale.id}>{saleText(sale)}</li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

const CloseForm = ({ id }: { readonly id: string }) => {
  const say = words.value
  const note = useSignal('')
  const { fault, isUnderWay, make } = useRequest()
  const isStopped = isUnderWay.value || !isReachable.value
  const submit = async () => {
    if (isStopped) return
    const nota = note.value.trim()
    fault.value = nota.length < 3 ? say.noteMissing : ''
    if (fault.value !== '') return
    await make(async () => {
      await closeCase(id, nota)
      await cases.refresh()
    })
  }
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <TextField
        id={`note-${id}`}
        label={say.note}
        maxLength={500}
        value={note.value}
        describedBy={`fault-${id}`}
        change={(text) => (note.value = text)}
      />
      <p id={`fault-${id}`} role="alert" class="fault">
        {fault.value}
      </p>
      <button class="first" aria-disabled={isStopped}>
        {say.close}
      </button>
      {!isReachable.value && <p>{say.whyOffline}</p>}
    </form>
  )
}

const kindName = (kind: Case['tipo']): string => {
  const say = words.value
  switch (kind) {
    case 'AUTORIZADA_TRAS_LIBERAR':
      return say.authorizedAfterRelease
    case 'RECHAZADA_TRAS_CONFIRMAR':
      return say.rejectedAfterCommit
    case 'AUTORIZADA_CON_OTROS_DATOS':
      return say.echoDiffers
    case 'CERRADA_SIN_DECISION':
      return say.closedWithoutDecision
    case 'DIFERENCIA_CON_PROVEEDOR':
      return say.balanceDiffers
    // A kind of another version of the gateway.
    default:
      return String(kind)
  }
}
