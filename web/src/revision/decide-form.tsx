import { Field } from '../forms/field.tsx'
import { SentForm } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { outcomeText } from '../presses/use-commands.ts'
import { readDecision, results, type Decision, type DecisionForm } from './decision.ts'
import { decisions, reviews, type ReviewedSale } from './reads.ts'
import { words } from './words.ts'

type Props = { readonly sale: ReviewedSale; readonly whyNot: string | null }

const empty: DecisionForm = { result: null, evidence: '', note: '' }

/** A person's word on one sale: the result, the evidence for it, and a note. */
export const DecideForm = ({ sale, whyNot }: Props) => {
  const say = words.value
  const { form, change, clear, field } = useFields(empty)
  const id = `decision-${sale.id}`
  const common = { 'aria-describedby': `${id}-fault` }
  const submit = async () => {
    const read = readDecision(form, sale)
    if ('missing' in read) return say[`${read.missing}Missing`]
    const outcome = await decisions.value?.press(read)
    if (outcome?.kind === 'done') clear()
    if (outcome?.kind !== 'refused') return undefined
    // Another person may have decided it meanwhile.
    void reviews.refresh()
    return outcomeText(outcome, decisionName)
  }
  return (
    <SentForm id={id} button={say.decide} whyNot={whyNot} submit={submit}>
      <div role="group" aria-label={say.result} class="row">
        {results.map((result) => (
          <button
            key={result}
            type="button"
            aria-pressed={form.result === result}
            onClick={() => change({ result })}
          >
            {say[result]}
          </button>
        ))}
      </div>
      <Field {...common} {...field('evidence')} id={`${id}-evidence`} label={say.evidence} />
      <Field {...common} {...field('note')} id={`${id}-note`} label={say.note} maxLength={2_000} />
    </SentForm>
  )
}

export const decisionName = ({ number, body }: Decision): string =>
  words.value.decision(number, words.value[body.resultado])
