import { money } from '../language/format.ts'
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
  return (
    <section aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {groups.length === 0 ? (
        <p>{say.nothing}</p>
      ) : (
        <>
          {isSeries && <Plot label={title} data={barsOf(groups)} />}
          <div class="scrolled" tabIndex={0} role="group" aria-labelledby={id}>
            <table>
              <thead>
                <tr>
                  <th scope="col">{say.name}</th>
                  <th scope="col">{say.amount}</th>
                  <th scope="col">{say.sold}</th>
                  <th scope="col">{say.pending}</th>
                  <th scope="col">{say.inReview}</th>
                  <th scope="col">{say.refused}</th>
                </tr>
              </thead>
              <tbody>
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
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}
