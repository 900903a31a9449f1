import { valueIn } from '../api/resource.ts'
import { money } from '../language/format.ts'
import { ListSection } from '../lists/list-section.tsx'
import { balances, type Balance } from '../vender/reads.ts'
import { runwayOf } from './day.ts'
import { words } from './words.ts'

/** The balance with each operator, and the time that it lasts at the pace of the last hour. */
export const Floats = ({ currency }: { readonly currency: string }) => {
  const say = words.value
  const floats = valueIn(balances.useShown()) ?? []
  return (
    <ListSection id="floats" title={say.floats}>
      {floats.map((float) => (
        <li key={float.id}>
          <strong>{float.nombre_operadora}</strong> {money(float.saldo_actual, currency)} ·{' '}
          {say.reserved} {money(float.saldo_reservado, currency)} · {runwayText(float)}
          {float.saldo_bajo && <strong class="fault"> {say.low}</strong>}
          {!float.disponible && (
            <strong class="fault">
              {' '}
              {say.stopped}: {float.motivo}
            </strong>
          )}
        </li>
      ))}
    </ListSection>
  )
}

const runwayText = ({ autonomia_minutos: minutes }: Balance): string => {
  const runway = runwayOf(minutes)
  const say = words.value
  return runway === null ? say.noSales : say.lasts(runway.hours, runway.minutes)
}
