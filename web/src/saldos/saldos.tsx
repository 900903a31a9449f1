import { sentenceOf } from '../api/answer.ts'
import { isReachable } from '../api/connection.ts'
import { valueIn } from '../api/resource.ts'
import { shop } from '../api/shop.ts'
import { Floats } from '../hoy/floats.tsx'
import { today } from '../hoy/reads.ts'
import { time } from '../language/format.ts'
import { useCommands } from '../presses/use-commands.ts'
import { balances } from '../vender/reads.ts'
import { InjectForm } from './inject-form.tsx'
import { injections } from './reads.ts'
import { StatementSection } from './statement-section.tsx'
import { words } from './words.ts'

/** The balance with each operator: how long it lasts, more of it for cash, and how it came to be. */
export const Saldos = () => {
  const say = words.value
  const merchant = valueIn(shop.useShown())
  const shown = balances.useShown()
  useCommands(injections.value, () => void Promise.all([balances.refresh(), today.refresh()]))
  const isOld = shown.state === 'shown' && (shown.failure !== null || !isReachable.value)
  return (
    <>
      {shown.state === 'failed' && <p role="alert">{sentenceOf(shown.failure)}</p>}
      {shown.state === 'loading' && <p>{say.loading}</p>}
      {isOld && <p class="old">{say.asOf(time(shown.at))}</p>}
      {shown.state === 'shown' && merchant !== null && <Floats currency={merchant.moneda} />}
      <InjectForm />
      <StatementSection />
    </>
  )
}
