import { Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { OutcomeNotice } from '../presses/outcome-notice.tsx'
import { outcomeText, whyNoCommand } from '../presses/use-commands.ts'
import { readUnits } from './pages.ts'
import { recharges } from './reads.ts'
import { words } from './words.ts'

/** Records that the company has paid into its account at the carrier, so that no case is opened for it. */
export const RechargeForm = () => {
  const say = words.value
  const { form, clear, field } = useFields({ units: '', note: '' })
  const common = { 'aria-describedby': 'recharge-fault' }
  const submit = async () => {
    const unidades_proveedor = readUnits(form.units)
    const nota = form.note.trim()
    if (unidades_proveedor === null) return say.unitsWrong
    if (nota === '') return say.referenceMissing
    const ended = await recharges.value?.press({ unidades_proveedor, nota })
    if (ended?.kind === 'done') clear()
    return undefined
  }
  return (
    <SentForm
      id="recharge"
      title={say.recharge}
      button={say.record}
      isMinor
      whyNot={whyNoCommand(recharges.value)}
      submit={submit}
      notice={
        <OutcomeNotice
          label={say.recharge}
          commands={recharges.value}
          textOf={(outcome) => outcomeText(outcome, () => say.recorded)}
        />
      }
    >
      <p>{say.rechargeHelp}</p>
      <Field
        {...common}
        {...field('units')}
        id="units"
        label={say.units}
        inputMode="numeric"
        maxLength={16}
      />
      <Field {...common} {...field('note')} id="recharge-note" label={say.rechargeNote} />
    </SentForm>
  )
}
