import { valueIn } from '../api/resource.ts'
import { shopMoney } from '../api/shop.ts'
import { whyUnread } from '../api/why-unread.ts'
import { Choice, choiceOf, type Option } from '../forms/choice.tsx'
import { amountInput, Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { today, type Today } from '../hoy/reads.ts'
import { amountOf } from '../language/format.ts'
import { OutcomeNotice } from '../presses/outcome-notice.tsx'
import { outcomeText, whyNoCommand } from '../presses/use-commands.ts'
import { readAmount } from '../vender/order.ts'
import { operators } from '../vender/reads.ts'
import { injections, type Injection } from './reads.ts'
import { words } from './words.ts'

/** Buys float with the cash of an open session. */
export const InjectForm = () => {
  const say = words.value
  const { form, change, field } = useFields({ operator: '', session: '', amount: '' })
  const [catalogue, day] = [operators.useShown(), today.useShown()]
  const offered = (valueIn(catalogue) ?? []).map(({ nombre }): Option => [nombre, nombre])
  const operator = choiceOf({ ...field('operator'), options: offered })
  const session = choiceOf({ ...field('session'), options: openSessionsOf(valueIn(day)) })
  const submit = async () => {
    const amount = readAmount(form.amount)
    if (operator.value === '') return say.operatorMissing
    if (session.value === '') return say.sessionMissing
    if (amount === null || amount === 0) return say.amountWrong
    const ended = await injections.value?.press({
      operadora_destino: operator.value,
      monto: amountOf(amount),
      id_caja_sesion: Number(session.value),
    })
    if (ended?.kind === 'done') change({ amount: '' })
    return undefined
  }
  return (
    <SentForm
      id="inject"
      title={say.buy}
      button={say.inject}
      whyNot={whyNoCommand(injections.value) ?? whyUnread(catalogue) ?? whyUnread(day)}
      submit={submit}
      notice={
        <OutcomeNotice
          label={say.buy}
          commands={injections.value}
          textOf={(outcome) => outcomeText(outcome, injectionName)}
        />
      }
    >
      <p>{say.buyHelp}</p>
      <Choice {...operator} id="inject-operator" label={say.operator} none={say.choose} />
      <Choice {...session} id="inject-session" label={say.session} none={say.choose} />
      <Field
        {...amountInput}
        {...field('amount')}
        id="inject-amount"
        label={say.amount}
        aria-describedby="inject-fault"
      />
    </SentForm>
  )
}

const openSessionsOf = (shown: Today | null): readonly Option[] => {
  if (shown === null) return []
  return shown.day.sesiones
    .filter(({ estado_sesion }) => estado_sesion === 'ABIERTA')
    .map(({ id, id_caja, id_usuario }) => [
      String(id),
      words.value.openSession(id, shown.cajas[id_caja] ?? String(id_caja), String(id_usuario)),
    ])
}

const injectionName = ({ operadora_destino, monto }: Injection): string =>
  words.value.injection(operadora_destino, shopMoney(monto))
