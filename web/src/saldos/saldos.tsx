import { ReadState } from '../api/read-state.tsx'
import { valueIn } from '../api/resource.ts'
import { shop } from '../api/shop.ts'
import { Floats } from '../hoy/floats.tsx'
import { today } from '../hoy/reads.ts'
import { useCommands } from '../presses/use-commands.ts'
import { balances } from '../vender/reads.ts'
import { InjectForm } from './inject-form.tsx'
import { injections } from './reads.ts'
import { StatementSection } from './statement-section.tsx'

/** The balance with each operator: how long it lasts, more of it for cash, and how it came to be. */
export const Saldos = () => {
  const merchant = valueIn(shop.useShown())
  const shown = balances.useShown()
  useCommands(injections.value, () => void Promise.all([balances.refresh(), today.refresh()]))
  return (
    <>
      <ReadState shown={shown} />
      {shown.state === 'shown' && merchant !== null && <Floats currency={merchant.moneda} />}
      <InjectForm />
      <StatementSection />
    </>
  )
}
