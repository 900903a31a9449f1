import { useSignal } from '@preact/signals'
import { valueIn } from '../api/resource.ts'
import { shopMoney, shopTime } from '../api/shop.ts'
import { whyUnread } from '../api/why-unread.ts'
import { Choice, choiceOf, type Option } from '../forms/choice.tsx'
import { Field } from '../forms/field.tsx'
import { onSent } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { today } from '../hoy/reads.ts'
import { ScrolledTable } from '../lists/scrolled-table.tsx'
import { Plot } from '../plot/plot.tsx'
import { balances } from '../vender/reads.ts'
import { balanceOf, periodOf, type Entry, type Period, type Statement } from './statement.ts'
import { useStatement } from './use-statement.ts'
import { words } from './words.ts'

/** The statement of one float over a period: its balance as a plot, its entries as a table, all of it as a sheet. */
export const StatementSection = () => {
  const say = words.value
  const { field } = useFields({ operator: '' })
  const chosen = useSignal<Partial<Period>>({})
  const [held, day] = [balances.shown.value, today.shown.value]
  const floats = (valueIn(held) ?? []).map(({ nombre_operadora: name }): Option => [name, name])
  const { statement, fault, isReading, show, more, save } = useStatement()
  const named = choiceOf({ ...field('operator'), options: floats })
  const period = periodOf(chosen.value, valueIn(day)?.day.fecha ?? null)
  const whyNot = whyUnread(held) ?? (period === null ? whyUnread(day) : null)
  const isStopped = isReading || whyNot !== null
  const press = (read: typeof show) => {
    if (whyNot === null && period !== null) void read(named.value, period)
  }
  const dayField = (end: 'from' | 'to', label: string) => (
    <Field
      id={`statement-${end}`}
      type="date"
      label={label}
      value={(period ?? chosen.value)[end] ?? ''}
      change={(text) => (chosen.value = { ...chosen.value, [end]: text })}
    />
  )
  return (
    <section aria-labelledby="statement">
      <h2 id="statement">{say.statement}</h2>
      <form noValidate onSubmit={onSent(() => press(show))}>
        <Choice {...named} id="statement-operator" label={say.floatOf} none={say.choose} />
        <div class="filters">
          {dayField('from', say.from)}
          {dayField('to', say.to)}
        </div>
        <p role="alert" class="fault">
          {fault}
        </p>
        <div class="row">
          <button aria-disabled={isStopped} aria-describedby="why-no-statement">
            {say.show}
          </button>
          <button
            type="button"
            aria-disabled={isStopped}
            aria-describedby="why-no-statement"
            onClick={() => press(save)}
          >
            {say.sheet}
          </button>
        </div>
        <p id="why-no-statement">{whyNot ?? ''}</p>
      </form>
      {statement !== null && <Entries statement={statement} />}
      {statement !== null && statement.next !== null && (
        <button type="button" aria-disabled={isReading} onClick={() => void more()}>
          {say.more}
        </button>
      )}
    </section>
  )
}

const Entries = ({ statement }: { readonly statement: Statement }) => {
  const say = words.value
  const data = {
    kind: 'steps' as const,
    ...balanceOf(statement),
    nameOfX: (second: number) => shopTime(second * 1_000),
    nameOfY: (amount: number) => amount.toFixed(2),
  }
  const title = say.balanceOf(statement.operator)
  const columns = [say.date, say.kind, say.change, say.balance, say.available]
  if (statement.entries.length === 0) return <p>{say.noEntries}</p>
  return (
    <>
      <h3 id="entries">{title}</h3>
      <Plot label={title} data={data} />
      <ScrolledTable titledBy="entries" columns={columns}>
        {statement.entries.map((entry, at) => (
          <tr key={at}>
            <td>{shopTime(entry.fecha)}</td>
            <td>
              {kindName(entry.tipo)}
              {entry.referencia !== null && ` n.º ${entry.referencia}`}
            </td>
            <td>{changeOf(entry)}</td>
            <td>{shopMoney(entry.saldo)}</td>
            <td>{shopMoney(entry.disponible)}</td>
          </tr>
        ))}
      </ScrolledTable>
    </>
  )
}

const changeOf = ({ entrada, salida }: Entry): string => {
  if (Number(entrada) > 0) return `+${entrada}`
  return Number(salida) > 0 ? `−${salida}` : ''
}

const kindName = (kind: Entry['tipo']): string => {
  const say = words.value
  const names: Partial<Record<Entry['tipo'], string>> = {
    RESERVA: say.hold,
    VENTA: say.sale,
    LIBERACION: say.release,
    INYECCION: say.injectionEntry,
    CORRECCION: say.correction,
  }
  // The others are of drawers.
  return names[kind] ?? kind
}
