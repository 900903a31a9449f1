import { money } from '../language/format.ts'
import { ScrolledTable } from '../lists/scrolled-table.tsx'
import { Plot } from '../plot/plot.tsx'
import { barsOf, shareOf, type Group } from './day.ts'
import { words } from './words.ts'

type Props = {
  readonly id: string
  readonly title: string
  readonly groups: readonly Group[]
  readonly currency: string
  /** True where the groups follow each other, as hours do: then a plot shows them. */
  readonly isSeries?: boolean
}

/** Sales by operator or caja, with a bar for the amount sold, or by hour, with a plot. */
export const Groups = ({ id, title, groups, currency, isSeries = false }: Props) => {
  const say = words.value
  const columns = [say.name, say.amount, say.sold, say.pending, say.inReview, say.refused]
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {groups.length === 0 ? (
        <p>{say.nothing}</p>
      ) : (
        <>
          {isSeries && <Plot label={title} data={barsOf(groups)} />}
          <ScrolledTable titledBy={id} columns={columns}>
            {groups.map((group) => (
              <tr key={group.name}>
                <th scope="row">{group.name}</th>
                <td>
                  {money(group.vendidas.monto, currency)}
                  {!isSeries && (
                    <meter aria-hidden="true" max={100} value={shareOf(group, groups)} />
                  )}
                </td>
                <td>{group.vendidas.cantidad}</td>
                <td>{group.pendientes.cantidad}</td>
                <td>{group.en_revision.cantidad}</td>
                <td>{group.rechazadas.cantidad}</td>
              </tr>
            ))}
          </ScrolledTable>
        </>
      )}
    </section>
  )
}
