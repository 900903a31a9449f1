import { valueIn } from '../api/resource.ts'
import { amountOf, minorOf, money, time } from '../language/format.ts'
import { cajas, type Report } from './reads.ts'
import { words } from './words.ts'

type Props = { readonly report: Report; readonly isBlind: boolean }

/** All cash that the drawer should hold, and the part of it that pending sales may take back. */
const holdingsOf = ({ cuadre }: Pick<Report, 'cuadre'>) => {
  const pending = minorOf(cuadre.pendiente_sesion) + minorOf(cuadre.pendiente_anteriores)
  return { all: amountOf(minorOf(cuadre.esperado) + pending), pending: amountOf(pending) }
}

/** The open session, and the cash that it should hold. */
export const Holdings = ({ report, isBlind }: Props) => {
  const say = words.value
  const { sesion, moneda } = report
  const { all, pending } = holdingsOf(report)
  const caja = valueIn(cajas.shown.value)?.find(({ id }) => id === sesion.id_caja)
  const name = caja?.nombre ?? `${say.caja} ${sesion.id_caja}`
  return (
    <section aria-labelledby="in-drawer">
      <h2 id="in-drawer">{say.inDrawer}</h2>
      <p>{say.session(sesion.id, name, time(sesion.fecha_apertura))}</p>
      {isBlind ? (
        <p>{say.isBlind}</p>
      ) : (
        <>
          <p class="figure">{money(all, moneda)}</p>
          {pending > 0 && (
            <p>
              {say.ofPending} {money(pending, moneda)}
            </p>
          )}
        </>
      )}
    </section>
  )
}
