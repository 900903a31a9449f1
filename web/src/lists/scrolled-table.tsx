import type { ComponentChildren } from 'preact'

type Props = {
  /** Id of its heading. */
  readonly titledBy: string
  readonly columns: readonly string[]
  readonly children: ComponentChildren
}

/** A table that a narrow screen scrolls sideways, by the keyboard too. */
export const ScrolledTable = ({ titledBy, columns, children }: Props) => (
  <div class="scrolled" tabIndex={0} role="group" aria-labelledby={titledBy}>
    <table>
      <thead>
        <tr>
          {columns.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
)
