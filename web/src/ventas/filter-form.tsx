import { valueIn } from '../api/resource.ts'
import { Choice, type Option } from '../forms/choice.tsx'
import { Field } from '../forms/field.tsx'
import { onSent } from '../forms/sent-form.tsx'
import { operators } from '../vender/reads.ts'
import { states, type FilterForm, type Filters } from './filters.ts'
import { useFilter } from './use-filter.ts'
import { words } from './words.ts'

/** Narrows the list down, and gives its sales or a shift's report as a sheet. */
export const Filter = ({ search }: { readonly search: (filters: Filters) => void }) => {
  const say = words.value
  const { field, fault, isSaving, submit, clear, saveSales, saveShift } = useFilter(search)
  const sold = valueIn(operators.useShown()) ?? []
  const props = (name: keyof FilterForm) => ({
    ...field(name),
    id: `filter-${name}`,
    label: say[name],
    'aria-describedby': 'filter-fault',
  })
  const text = (name: keyof FilterForm) =>
    ({ ...props(name), maxLength: 24, inputMode: 'tel' }) as const
  const stateOptions = states.map((state): Option => [state, say[state]])
  const operatorOptions = sold.map(({ nombre }): Option => [nombre, nombre])
  const sheet = (label: string, save: () => Promise<void>) => (
    <button type="button" aria-disabled={isSaving} onClick={() => void save()}>
      {label}
    </button>
  )
  return (
    <form noValidate aria-label={say.filters} onSubmit={onSent(submit)}>
      <div class="filters">
        <Field {...text('number')} />
        <Field {...props('from')} type="date" />
        <Field {...props('to')} type="date" />
        <Choice {...props('state')} none={say.all} options={stateOptions} />
        <Choice {...props('operator')} none={say.all} options={operatorOptions} />
        <Field {...text('session')} />
      </div>
      <p id="filter-fault" role="alert" class="fault">
        {fault}
      </p>
      <div class="row">
        <button class="first">{say.search}</button>
        <button type="button" onClick={clear}>
          {say.clear}
        </button>
        {sheet(say.sheet, saveSales)}
        {sheet(say.shiftSheet, saveShift)}
      </div>
    </form>
  )
}
