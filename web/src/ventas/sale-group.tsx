import { useMemo } from 'preact/hooks'
import { valueIn } from '../api/resource.ts'
import { shop } from '../api/shop.ts'
import { moment, money, phone } from '../language/format.ts'
import { language } from '../language/language.ts'
import type { Group, Row } from './listing.ts'
import { openedId } from './reads.ts'
import { words } from './words.ts'

type Props = { readonly group: Group; readonly titleId: string }

/** Sales that are laid out only near the screen, and drawn again only when one of them changed. */
export const SaleGroup = ({ group, titleId }: Props) => {
  const merchant = valueIn(shop.shown.value)
  const currency = merchant?.moneda ?? null
  const zone = merchant?.zona_horaria ?? null
  return useMemo(
    () => (
      <ul aria-labelledby={titleId} class="group">
        {group.map((row) => (
          <Item key={row.id} row={row} currency={currency} zone={zone} />
        ))}
      </ul>
    ),
    [group, titleId, currency, zone, language.value],
  )
}

type ItemProps = {
  readonly row: Row
  readonly currency: string | null
  readonly zone: string | null
}

const Item = ({ row, currency, zone }: ItemProps) => {
  const say = words.value
  return (
    <li class="sale">
      <span>
        <strong>{say[row.estado]}</strong> {say.sale(row.id)} · {row.operadora}
        {row.paquete !== null && ` ${row.paquete.nombre}`} · {phone(row.numero_cliente)} ·{' '}
        {money(row.monto, currency)} · {moment(row.fecha_hora, zone)}
      </span>
      <button
        type="button"
        aria-label={say.show(row.id)}
        onClick={() => (openedId.value = row.id_transaccion)}
      >
        {say.see}
      </button>
    </li>
  )
}
