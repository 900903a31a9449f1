import { sentenceOf } from '../api/answer.ts'
import { isReachable } from '../api/connection.ts'
import { valueIn } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import { till } from '../presses/tills.ts'
import { isExpired } from '../session/session.ts'
import { DuplicateDialog } from './duplicate-dialog.tsx'
import { LateDialog } from './late-dialog.tsx'
import { PendingList } from './pending-list.tsx'
import { operators, ownSession } from './reads.ts'
import { Result } from './result.tsx'
import { SaleForm } from './sale-form.tsx'
import { words } from './words.ts'

/** The till: one press of "Cobrar" is one sale. */
export const Vender = () => {
  const say = words.value
  const catalogue = operators.useShown()
  const session = ownSession.useShown()
  const open = valueIn(session)?.open ?? null
  const isBusy = till.value?.isBusy.value ?? false
  const currency = valueIn(catalogue)?.[0]?.moneda ?? null
  const whyNot = (): string | null => {
    if (isExpired.value) return say.whySignIn
    if (!isReachable.value) return say.whyOffline
    if (isBusy) return say.whyBusy
    return whyUnread(session) ?? (open === null ? say.whyNoSession : whyUnread(catalogue))
  }
  return (
    <>
      {catalogue.state === 'failed' && <p role="alert">{sentenceOf(catalogue.failure)}</p>}
      <SaleForm
        operators={valueIn(catalogue) ?? []}
        sessionId={open?.id ?? null}
        whyNot={whyNot()}
      />
      <Result currency={currency} />
      <PendingList currency={currency} />
      <DuplicateDialog currency={currency} />
      <LateDialog currency={currency} />
    </>
  )
}
