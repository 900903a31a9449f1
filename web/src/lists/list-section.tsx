import type { ComponentChildren } from 'preact'

type Props = {
  readonly id: string
  readonly title: string
  /** The sentence above an empty list. */
  readonly none?: string | false
  readonly children: ComponentChildren
  readonly after?: ComponentChildren
}

/** A list under its heading. */
export const ListSection = ({ id, title, none = false, children, after }: Props) => (
  <section aria-labelledby={id}>
    <h2 id={id}>{title}</h2>
    {none !== false && <p>{none}</p>}
    <ul aria-labelledby={id}>{children}</ul>
    {after}
  </section>
)
