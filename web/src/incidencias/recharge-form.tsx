import { useSignal } from '@preact/signals'
import { TextField } from '../forms/text-field.tsx'
import { outcomeText, whyNoCommand } from '../presses/use-commands.ts'
import { readUnits } from './pages.ts'
import { recharges } from './reads.ts'
import { words } from './words.ts'

/** Records that the company has paid into its account at the carrier, so that no case is opened for it. */
export const RechargeForm = () => {
  const say = words.value
  const units = useSignal('')
  const note = useSignal('')
  const fault = useSignal('')
  const outcome = recharges.value?.outcome.value ?? null
  const whyNot = whyNoCommand(recharges.value)
  const submit = async () => {
    if (whyNot !== null) return
    const unidades_proveedor = readUnits(units.value)
    const nota = note.value.trim()
    fault.value =
      unidades_proveedor === null ? say.unitsWrong : nota === '' ? say.referenceMissing : ''
    if (unidades_proveedor === null || nota === '') return
    const ended = await recharges.value?.press({ unidades_proveedor, nota })
    if (ended?.kind !== 'done') return
    units.value = ''
    note.value = ''
  }
  return (
    <form
      noValidate
      aria-labelledby="recharge"
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <h2 id="recharge">{say.recharge}</h2>
      <p>{say.rechargeHelp}</p>
      <TextField
        id="units"
        label={say.units}
        inputMode="numeric"
        maxLength={16}
        value={units.value}
        describedBy="recharge-fault"
        change={(text) => (units.value = text)}
      />
      <TextField
        id="recharge-note"
        label={say.rechargeNote}
        maxLength={500}
        value={note.value}
        describedBy="recharge-fault"
        change={(text) => (note.value = text)}
      />
      <p id="recharge-fault" role="alert" class="fault">
        {fault.value}
      </p>
      <button aria-disabled={whyNot !== null} aria-describedby="why-no-recharge">
        {say.record}
      </button>
      <p id="why-no-recharge">{whyNot ?? ''}</p>
      <p role="status" aria-label={say.recharge} class={outcome?.kind === 'done' ? '' : 'fault'}>
        {outcome === null ? '' : outcomeText(outcome, () => say.recorded)}
      </p>
    </form>
  )
}
