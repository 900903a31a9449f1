import { useSignal } from '@preact/signals'
import { isReachable } from '../api/connection.ts'
import { ReadState } from '../api/read-state.tsx'
import { valueIn } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { today } from '../hoy/reads.ts'
import { money, time } from '../language/format.ts'
import { ListSection } from '../lists/list-section.tsx'
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
      <ListSection
        id="closings"
        title={say.closings}
        none={shown.state === 'shown' && list.length === 0 && say.none}
        after={
          <button type="button" onClick={() => window.print()}>
            {say.print}
          </button>
        }
      >
        {list.map((closing) => (
          <Row key={closing.numero} closing={closing} />
        ))}
      </ListSection>
    </>
  )
}

const CloseForm = () => {
  const say = words.value
  const chosen = useSignal<string | null>(null)
  const day = today.useShown()
  const date = chosen.value ?? valueIn(day)?.day.fecha ?? ''
  // A date that was typed needs no other day to be read.
  const whyNoDate = chosen.value === null ? whyUnread(day) : null
  const submit = async () => {
    if (date === '') return say.dateMissing
    await closeDay(date)
    await closings.refresh()
    return undefined
  }
  return (
    <SentForm
      id="date"
      button={say.close}
      whyNot={isReachable.value ? whyNoDate : say.whyOffline}
      submit={submit}
    >
      <p>{say.explanation}</p>
      <Field
        id="date"
        type="date"
        label={say.date}
        value={date}
        aria-describedby="date-fault"
        change={(text) => (chosen.value = text)}
      />
    </SentForm>
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
