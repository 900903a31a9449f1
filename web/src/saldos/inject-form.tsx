import { useSignal } from '@preact/signals'
import { valueIn } from '../api/resource.ts'
import { shopMoney } from '../api/shop.ts'
import { whyUnread } from '../api/why-unread.ts'
import { TextField } from '../forms/text-field.tsx'
import { today, type Today } from '../hoy/reads.ts'
import { amountOf } from '../language/format.ts'
import { outcomeText, whyNoCommand } from '../presses/use-commands.ts'
import { readAmount } from '../vender/order.ts'
import { operators } from '../vender/reads.ts'
import { Choice, chosenIn, type Option } from './choice.tsx'
import { injections, type Injection } from './reads.ts'
import { words } from './words.ts'

/** Buys float with the cash of an open session. */
export const InjectForm = () => {
  const say = words.value
  const operator = useSignal('')
  const session = useSignal('')
  const amount = useSignal('')
  const fault = useSignal('')
  const [catalogue, day] = [operators.useShown(), today.useShown()]
  const offered = (valueIn(catalogue) ?? []).map(({ nombre }): Option => [nombre, nombre])
  const sessions = openSessionsOf(valueIn(day))
  const [destination, sessionId] = [chosenIn(offered, operator), chosenIn(sessions, session)]
  const whyNot = whyNoCommand(injections.value) ?? whyUnread(catalogue) ?? whyUnread(day)
  const outcome = injections.value?.outcome.value ?? null
  const submit = async () => {
    if (whyNot !== null) return
    const minor = readAmount(amount.value)
    fault.value = faultOf(destination, sessionId, minor)
    if (fault.value !== '' || minor === null) return
    const ended = await injections.value?.press({
      operadora_destino: destination,
      monto: amountOf(minor),
      id_caja_sesion: Number(sessionId),
    })
    if (ended?.kind === 'done') amount.value = ''
  }
  return (
    <form
      noValidate
      aria-labelledby="inject"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2 id="inject">{say.buy}</h2>
      <p>{say.buyHelp}</p>
      <Choice id="inject-operator" label={say.operator} chosen={operator} options={offered} />
      <Choice id="inject-session" label={say.session} chosen={session} options={sessions} />
      <TextField
        id="inject-amount"
        label={say.amount}
        inputMode="decimal"
        maxLength={12}
        value={amount.value}
        describedBy="inject-fault"
        change={(text) => (amount.value = text)}
      />
      <p id="inject-fault" role="alert" class="fault">
        {fault.value}
      </p>
      <button class="first" aria-disabled={whyNot !== null} aria-describedby="why-no-injection">
        {say.inject}
      </button>
      <p id="why-no-injection">{whyNot ?? ''}</p>
      <p role="status" aria-label={say.buy} class={outcome?.kind === 'done' ? '' : 'fault'}>
        {outcome === null ? '' : outcomeText(outcome, injectionName)}
      </p>
    </form>
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

const faultOf = (operator: string, sessionId: string, minor: number | null): string => {
  const say = words.value
  if (operator === '') return say.operatorMissing
  if (sessionId === '') return say.sessionMissing
  return minor === null || minor === 0 ? say.amountWrong : ''
}

const injectionName = ({ operadora_destino, monto }: Injection): string =>
  words.value.injection(operadora_destino, shopMoney(monto))
