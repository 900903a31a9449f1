import { ReadState } from '../api/read-state.tsx'
import { money, time } from '../language/format.ts'
import { ListSection } from '../lists/list-section.tsx'
import { hoursOf, type Sum } from './day.ts'
import { Floats } from './floats.tsx'
import { Groups } from './groups.tsx'
import { today, type Day, type Today } from './reads.ts'
import { words } from './words.ts'

/** The owner's day: sales, floats and open sessions, as they are now. */
export const Hoy = () => {
  const shown = today.useShown()
  return (
    <>
      <ReadState shown={shown} />
      {shown.state === 'shown' && <DayOf {...shown.value} />}
    </>
  )
}

const DayOf = ({ day, cajas }: Today) => {
  const say = words.value
  const nameOf = (id: number): string => cajas[id] ?? say.caja(id)
  const { moneda: currency } = day
  const byCaja = day.por_caja.map((each) => ({ ...each, name: nameOf(each.id_caja) }))
  const byOperator = day.por_operadora.map((each) => ({ ...each, name: each.operadora }))
  return (
    <>
      <Totals day={day} />
      <Groups id="by-operator" title={say.byOperator} groups={byOperator} currency={currency} />
      <Groups id="by-caja" title={say.byCaja} groups={byCaja} currency={currency} />
      <Groups
        id="by-hour"
        title={say.byHour}
        groups={hoursOf(day.por_hora)}
        currency={currency}
        isSeries
      />
      <Floats currency={currency} />
      <Sessions day={day} nameOf={nameOf} />
    </>
  )
}

const Totals = ({ day }: { readonly day: Day }) => {
  const say = words.value
  const figure = (name: string, { cantidad, monto }: Sum) => (
    <div>
      <dt>{name}</dt>
      <dd>
        <span class="figure">{cantidad}</span> {money(monto, day.moneda)}
      </dd>
    </div>
  )
  return (
    <section aria-labelledby="total">
      <h2 id="total">{say.total}</h2>
      <p>{say.day(day.fecha, day.zona_horaria)}</p>
      <dl class="figures">
        {figure(say.sold, day.vendidas)}
        {figure(say.pending, day.pendientes)}
        {figure(say.inReview, day.en_revision)}
        {figure(say.refused, day.rechazadas)}
      </dl>
    </section>
  )
}

type SessionsProps = { readonly day: Day; readonly nameOf: (id: number) => string }

const Sessions = ({ day, nameOf }: SessionsProps) => {
  const say = words.value
  const open = day.sesiones.filter(({ estado_sesion }) => estado_sesion === 'ABIERTA')
  return (
    <ListSection id="sessions" title={say.sessions} none={open.length === 0 && say.noSessions}>
      {open.map(({ id, id_caja, id_usuario, fecha_apertura }) => (
        <li key={id}>
          {say.session(id, nameOf(id_caja), String(id_usuario), time(fecha_apertura))}
        </li>
      ))}
    </ListSection>
  )
}
