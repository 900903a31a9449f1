import { ReadState } from '../api/read-state.tsx'
import { valueIn } from '../api/resource.ts'
import { shop } from '../api/shop.ts'
import { ListSection } from '../lists/list-section.tsx'
import { useCommands } from '../presses/use-commands.ts'
import { CaseItem } from './case-item.tsx'
import { cases, recharges, type Case } from './reads.ts'
import { RechargeForm } from './recharge-form.tsx'
import { words } from './words.ts'

/** Discrepancies for a person to explain, open ones first, and the record of payments into the carrier's account. */
export const Incidencias = () => {
  const say = words.value
  shop.useShown()
  const shown = cases.useShown()
  const list = valueIn(shown) ?? []
  const open = list.filter(({ cierre }) => cierre === null)
  const closed = list.filter(({ cierre }) => cierre !== null).reverse()
  useCommands(recharges.value, () => undefined)
  return (
    <>
      <ReadState shown={shown} />
      <ListSection
        id="open-cases"
        title={say.openCases}
        none={shown.state === 'shown' && open.length === 0 && say.none}
        after={
          closed.length > 0 && (
            <details>
              <summary>{say.closedCases(closed.length)}</summary>
              <ul aria-label={say.closedCases(closed.length)}>{itemsOf(closed)}</ul>
            </details>
          )
        }
      >
        {itemsOf(open)}
      </ListSection>
      <RechargeForm />
    </>
  )
}

const itemsOf = (list: readonly Case[]) =>
  list.map((each) => <CaseItem key={each.id} item={each} />)
