import { useSignal } from '@preact/signals'
import { isReachable } from '../api/connection.ts'
import { ReadState } from '../api/read-state.tsx'
import { valueIn } from '../api/resource.ts'
import { useRequest } from '../api/use-request.ts'
import { whyUnread } from '../api/why-unread.ts'
import { today } from '../hoy/reads.ts'
import { money, time } from '../language/format.ts'
import { closeDay, closings, type Closing } from './reads.ts'
import { words } from './words.ts'

/** Closes a day of the shop under a number, and shows the closings that were made. */
export const CierreDelDia = () => {
  const say = words.value
  const shown = closings.useShown()
  const list = valueIn(shown) ?? []
  return (
    <>
      <CloseForm />
      <ReadState shown={shown} />
      <section aria-labelledby="closings">
        <h2 id="closings">{say.closings}</h2>
        {shown.state === 'shown' && list.length === 0 && <p>{say.none}</p>}
        <ul aria-labelledby="closings">
          {list.map((closing) => (
            <Row key={closing.numero} closing={closing} />
          ))}
        </ul>
        <button type="button" onClick={() => window.print()}>
          {say.print}
        </button>
      </section>
    </>
  )
}

const CloseForm = () => {
  const say = words.value
  const chosen = useSignal<string | null>(null)
  const { fault, isUnderWay, make } = useRequest()
  const day = today.useShown()
  const date = chosen.value ?? valueIn(day)?.day.fecha ?? ''
  // A date that was typed needs no other day to be read.
  const whyNoDate = chosen.value === null ? whyUnread(day) : null
  const whyNot = isReachable.value ? whyNoDate : say.whyOffline
  const isStopped = isUnderWay.value || whyNot !== null
  const submit = async () => {
    if (isStopped) return
    fault.value = date === '' ? say.dateMissing : ''
    if (date === '') return
    await make(async () => {
      await closeDay(date)
      await closings.refresh()
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
      <p>{say.explanation}</p>
      <label for="date">{say.date}</label>
      <input
        id="date"
        type="date"
        value={date}
        aria-describedby="date-fault"
        onInput={(event) => (chosen.value = event.currentTarget.value)}
      />
      <p id="date-fault" role="alert" class="fault">
        {fault.value}
      </p>
      <button class="first" aria-disabled={isStopped} aria-describedby="why-not">
        {say.close}
      </button>
      <p id="why-not">{whyNot ?? ''}</p>
    </form>
  )
}

const Row = ({ closing }: { readonly closing: Closing }) => {
  const say = words.value
  const { numero, fecha, por, cerrado, reemplaza, dia } = closing
  const sums = [
    [say.sold, dia.vendidas],
    [say.pending, dia.pendientes],
    [say.inReview, dia.en_revision],
  ] as const
  return (
    <li>
      <strong>{say.closing(numero, fecha)}</strong> {say.by(por, time(cerrado))}
      {reemplaza !== null && ` · ${say.replaces(reemplaza)}`} · {say.position(dia.posicion)}
      <p>
        {sums
          .map(([name, { cantidad, monto }]) => `${name}: ${cantidad}, ${money(monto, dia.moneda)}`)
          .join(' · ')}{' '}
        · {say.sessions(dia.sesiones.length)}
      </p>
    </li>
  )
}
