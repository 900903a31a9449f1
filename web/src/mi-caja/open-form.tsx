import type { Shown } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { Choice, choiceOf } from '../forms/choice.tsx'
import { amountInput, Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { amountOf } from '../language/format.ts'
import { person } from '../session/session.ts'
import { readAmount } from '../vender/order.ts'
import { pressDrawer } from './drawer.ts'
import { cajaOptions, type Caja } from './reads.ts'
import { words } from './words.ts'

type Props = {
  readonly cajas: Shown<readonly Caja[]>
  /** The reason why no command can be given now; null where one can. */
  readonly whyNot: string | null
}

/** The id of a user as the API takes it. */
export const userIdOf = (text: string): number | string =>
  /^\d{1,15}$/.test(text) ? Number(text) : text

/** Opens a session of the person signed in, with the cash counted in the drawer. */
export const OpenForm = ({ cajas, whyNot }: Props) => {
  const say = words.value
  const { form, field } = useFields({ caja: '', counted: '' })
  const options = cajaOptions(cajas)
  const caja = choiceOf({ ...field('caja'), options })
  const submit = async () => {
    const count = readAmount(form.counted)
    if (caja.value === '') return say.chooseCaja
    if (count === null && form.counted.trim() !== '') return say.amountWrong
    await pressDrawer({
      kind: 'open',
      body: {
        id_caja: Number(caja.value),
        id_usuario: userIdOf(person.value?.userId ?? ''),
        ...(count === null ? {} : { conteo_inicial: amountOf(count) }),
      },
    })
    return undefined
  }
  return (
    <SentForm
      id="open"
      button={say.open}
      whyNot={whyNot ?? whyUnread(cajas) ?? (options.length === 0 ? say.noCajas : null)}
      submit={submit}
    >
      <p>{say.noSession}</p>
      <Choice
        {...caja}
        id="caja"
        label={say.caja}
        none={say.chooseCaja}
        aria-describedby="open-fault"
      />
      <Field
        {...amountInput}
        {...field('counted')}
        id="counted"
        label={say.counted}
        aria-describedby="counted-help open-fault"
      />
      <p id="counted-help">{say.countedHelp}</p>
    </SentForm>
  )
}
