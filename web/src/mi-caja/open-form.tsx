import { useSignal } from '@preact/signals'
import { valueIn, type Shown } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { TextField } from '../forms/text-field.tsx'
import { amountOf } from '../language/format.ts'
import { person } from '../session/session.ts'
import { readAmount } from '../vender/order.ts'
import type { Command, Outcome } from './command.ts'
import type { Caja } from './reads.ts'
import { words } from './words.ts'

type Props = {
  readonly cajas: Shown<readonly Caja[]>
  /** The reason why no command can be given now; null where one can. */
  readonly whyNot: string | null
  readonly press: (command: Command) => Promise<Outcome>
}

/** The id of a user as the API takes it. */
export const userIdOf = (text: string): number | string =>
  /^\d{1,15}$/.test(text) ? Number(text) : text

/** Opens a session of the person signed in, with the cash counted in the drawer. */
export const OpenForm = ({ cajas, whyNot, press }: Props) => {
  const say = words.value
  const chosen = useSignal('')
  const text = useSignal('')
  const fault = useSignal('')
  const offered = valueIn(cajas) ?? []
  const only = offered.length === 1 ? offered[0] : undefined
  const caja = offered.find(({ id }) => String(id) === chosen.value) ?? only
  const reason = whyNot ?? whyUnread(cajas) ?? (offered.length === 0 ? say.noCajas : null)
  const submit = (event: Event) => {
    event.preventDefault()
    if (reason !== null) return
    const count = text.value.trim() === '' ? null : readAmount(text.value)
    fault.value =
      caja === undefined
        ? say.chooseCaja
        : count === null && text.value.trim() !== ''
          ? say.amountWrong
          : ''
    if (caja === undefined || fault.value !== '') return
    void press({
      kind: 'open',
      body: {
        id_caja: caja.id,
        id_usuario: userIdOf(person.value?.userId ?? ''),
        ...(count === null ? {} : { conteo_inicial: amountOf(count) }),
      },
    })
  }
  return (
    <form onSubmit={submit} noValidate>
      <p>{say.noSession}</p>
      <label for="caja">{say.caja}</label>
      <select
        id="caja"
        value={caja === undefined ? '' : String(caja.id)}
        aria-describedby="open-fault"
        onChange={(event) => (chosen.value = event.currentTarget.value)}
      >
        <option value="">{say.chooseCaja}</option>
        {offered.map(({ id, nombre }) => (
          <option key={id} value={String(id)}>
            {nombre}
          </option>
        ))}
      </select>
      <TextField
        id="counted"
        label={say.counted}
        inputMode="decimal"
        maxLength={12}
        value={text.value}
        describedBy="counted-help open-fault"
        change={(typed) => (text.value = typed)}
      />
      <p id="counted-help">{say.countedHelp}</p>
      <p id="open-fault" class="fault">
        {fault.value}
      </p>
      <button class="first" aria-disabled={reason !== null} aria-describedby="why-not">
        {say.open}
      </button>
      <p id="why-not">{reason ?? ''}</p>
    </form>
  )
}
