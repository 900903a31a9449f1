import { useSignal } from '@preact/signals'
import { TextField } from '../forms/text-field.tsx'
import { outcomeText } from '../presses/use-commands.ts'
import { readDecision, results, type Decision, type DecisionForm } from './decision.ts'
import { decisions, reviews, type ReviewedSale } from './reads.ts'
import { resultName, words } from './words.ts'

type Props = { readonly sale: ReviewedSale; readonly whyNot: string | null }

const empty: DecisionForm = { result: null, evidence: '', note: '' }

/** A person's word on one sale: the result, the evidence for it, and a note. */
export const DecideForm = ({ sale, whyNot }: Props) => {
  const say = words.value
  const form = useSignal(empty)
  const fault = useSignal('')
  const id = (field: string) => `${field}-${sale.id}`
  const change = (changes: Partial<DecisionForm>) => (form.value = { ...form.value, ...changes })
  const submit = async () => {
    if (whyNot !== null) return
    const read = readDecision(form.value, sale)
    fault.value = 'missing' in read ? say[`${read.missing}Missing`] : ''
    if ('missing' in read) return
    const outcome = await decisions.value?.press(read)
    if (outcome?.kind === 'refused') {
      fault.value = outcomeText(outcome, decisionName)
      // Another person may have decided it meanwhile.
      await reviews.refresh()
    }
    if (outcome?.kind === 'done') form.value = empty
  }
  const text = (field: 'evidence' | 'note', label: string, maxLength: number) => (
    <TextField
      id={id(field)}
      label={label}
      maxLength={maxLength}
      value={form.value[field]}
      describedBy={id('fault')}
      change={(text) => change({ [field]: text })}
    />
  )
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div role="group" aria-label={say.result} class="row">
        {results.map((result) => (
          <button
            key={result}
            type="button"
            aria-pressed={form.value.result === result}
            onClick={() => change({ result })}
          >
            {resultName(result)}
          </button>
        ))}
      </div>
      {text('evidence', say.evidence, 500)}
      {text('note', say.note, 2_000)}
      <p id={id('fault')} role="alert" class="fault">
        {fault.value}
      </p>
      <button class="first" aria-disabled={whyNot !== null} aria-describedby={id('why-not')}>
        {say.decide}
      </button>
      <p id={id('why-not')}>{whyNot ?? ''}</p>
    </form>
  )
}

export const decisionName = ({ number, body }: Decision): string =>
  words.value.decision(number, resultName(body.resultado))
