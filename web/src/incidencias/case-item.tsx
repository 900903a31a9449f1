import { isReachable } from '../api/connection.ts'
import { shopMoney, shopTime } from '../api/shop.ts'
import { Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { phone } from '../language/format.ts'
import { nameIn } from '../language/language.ts'
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
        {nameIn(say, tipo)}
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
  const { form, field } = useFields({ note: '' })
  const whyNot = isReachable.value ? null : say.whyOffline
  const submit = async () => {
    const nota = form.note.trim()
    if (nota.length < 3) return say.noteMissing
    await closeCase(id, nota)
    await cases.refresh()
    return undefined
  }
  return (
    <SentForm id={id} button={say.close} whyNot={whyNot} submit={submit}>
      <Field
        {...field('note')}
        id={`${id}-note`}
        label={say.note}
        aria-describedby={`${id}-fault`}
      />
    </SentForm>
  )
}
