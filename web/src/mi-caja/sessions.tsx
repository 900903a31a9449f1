import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { shownOf, valueIn, type Shown } from '../api/resource.ts'
import { shopTime } from '../api/shop.ts'
import { whyUnread } from '../api/why-unread.ts'
import { Choice } from '../forms/choice.tsx'
import { Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { person } from '../session/session.ts'
import { drawer } from './drawer.ts'
import { cajaOptions, readSessions, type Caja, type Session } from './reads.ts'
import { ReportOfSession } from './report.tsx'
import { words } from './words.ts'

type Props = {
  readonly cajas: Shown<readonly Caja[]>
  /** True where the cashier must not see the expected cash of an open session. */
  readonly isBlind: boolean
}

/** Closed sessions, the newest first: each has its report for ever. A cashier sees the own ones. */
export const Sessions = ({ cajas, isBlind }: Props) => {
  const say = words.value
  const cajaId = useSignal<number | null>(null)
  const closed = useSignal<Shown<readonly Session[]>>({ state: 'loading' })
  const chosen = useSignal<number | null>(null)
  const asked = cajaId.value ?? valueIn(cajas)?.[0]?.id ?? null
  const outcome = drawer.value?.outcome.value ?? null
  useEffect(() => {
    if (asked === null) return
    let isOver = false
    const read = async () => (await readSessions(asked)).filter(isVisible)
    void shownOf(read).then((shown) => {
      if (!isOver) closed.value = shown
    })
    return () => (isOver = true)
  }, [asked, outcome])
  const rows = valueIn(closed.value) ?? []
  const whyNot = whyUnread(cajas) ?? (asked === null ? null : whyUnread(closed.value))
  return (
    <section aria-labelledby="sessions">
      <h2 id="sessions">{say.zReports}</h2>
      <Choice
        id="sessions-caja"
        label={say.sessionsOf}
        options={cajaOptions(cajas)}
        value={String(asked ?? '')}
        change={(id) => (cajaId.value = Number(id))}
      />
      <NumberForm open={(id) => (chosen.value = id)} />
      {whyNot !== null && <p>{whyNot}</p>}
      {whyNot === null && rows.length === 0 && <p>{say.noZReports}</p>}
      <ul aria-labelledby="sessions">
        {rows.map((session) => (
          <li key={session.id}>
            <button type="button" onClick={() => (chosen.value = session.id)}>
              {say.zReportOf(session.id)}
            </button>{' '}
            {say.closedBy(shopTime(session.fecha_cierre ?? ''), String(session.id_usuario))}
          </li>
        ))}
      </ul>
      {chosen.value !== null && (
        <ReportOfSession key={chosen.value} id={chosen.value} isBlind={isBlind} />
      )}
    </section>
  )
}

const isVisible = ({ estado_sesion, id_usuario }: Session): boolean =>
  estado_sesion === 'CERRADA' &&
  (person.value?.role === 'Administrador' || String(id_usuario) === person.value?.userId)

/** A session that the list has no more is opened by its number. */
const NumberForm = ({ open }: { readonly open: (id: number) => void }) => {
  const say = words.value
  const { form, field } = useFields({ number: '' })
  const submit = () => {
    const number = form.number.trim()
    if (!/^[1-9]\d{0,14}$/.test(number)) return say.numberWrong
    open(Number(number))
    return undefined
  }
  return (
    <SentForm id="session" button={say.openReport} isMinor whyNot={null} submit={submit}>
      <Field
        {...field('number')}
        id="session-number"
        label={say.sessionNumber}
        inputMode="numeric"
        maxLength={15}
        aria-describedby="session-fault"
      />
    </SentForm>
  )
}
