import { valueIn } from '../api/resource.ts'
import { operators } from '../vender/reads.ts'
import { states, type FilterForm, type Filters } from './filters.ts'
import { stateName } from './state-name.ts'
import { useFilter } from './use-filter.ts'
import { words } from './words.ts'

/** Narrows the list down, and gives its sales or a shift's report as a sheet. */
export const Filter = ({ search }: { readonly search: (filters: Filters) => void }) => {
  const say = words.value
  const { form, fault, isSaving, change, submit, clear, saveSales, saveShift } = useFilter(search)
  const sold = valueIn(operators.useShown()) ?? []
  const common = { form, change }
  const stateOptions = states.map((each) => [each, stateName(each)] as const)
  const operatorOptions = sold.map(({ nombre }) => [nombre, nombre] as const)
  const sheet = (label: string, save: () => Promise<void>) => (
    <button type="button" aria-disabled={isSaving} onClick={() => void save()}>
      {label}
    </button>
  )
  return (
    <form
      noValidate
      aria-label={say.filters}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <div class="filters">
        <Field {...common} name="number" label={say.number} />
        <Field {...common} name="from" label={say.from} isDay />
        <Field {...common} name="to" label={say.to} isDay />
        <Choice {...common} name="state" label={say.state} options={stateOptions} />
        <Choice {...common} name="operator" label={say.operator} options={operatorOptions} />
        <Field {...common} name="session" label={say.session} />
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

type FieldProps = {
  readonly form: FilterForm
  readonly change: (changes: Partial<FilterForm>) => void
  readonly name: keyof FilterForm
  readonly label: string
}

const Field = ({ form, change, name, label, isDay }: FieldProps & { readonly isDay?: true }) => {
  const attributes = {
    id: `filter-${name}`,
    maxLength: 24,
    value: form[name],
    'aria-describedby': 'filter-fault',
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      change({ [name]: event.currentTarget.value }),
  }
  return (
    <div>
      <label for={attributes.id}>{label}</label>
      {isDay === true ? (
        <input {...attributes} type="date" />
      ) : (
        <input {...attributes} inputMode="tel" autocomplete="off" />
      )}
    </div>
  )
}

type ChoiceProps = FieldProps & { readonly options: readonly (readonly [string, string])[] }

const Choice = ({ form, change, name, label, options }: ChoiceProps) => (
  <div>
    <label for={`filter-${name}`}>{label}</label>
    <select
      id={`filter-${name}`}
      value={form[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    >
      <option value="">{words.value.all}</option>
      {options.map(([value, text]) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </select>
  </div>
)
