import { time } from '../language/format.ts'
import { till } from '../presses/tills.ts'
import { isExpired } from '../session/session.ts'
import { goodsText } from './result.tsx'
import { SaleQuestion } from './sale-question.tsx'
import { words } from './words.ts'

/** Asks before a press is sold that came to nothing a while ago. */
export const LateDialog = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  const current = till.value
  const isBusy = current?.isBusy.value ?? false
  const late = isBusy || isExpired.value ? null : (current?.late.value ?? null)
  return (
    <SaleQuestion
      id="late"
      title={say.late}
      asked={late?.key ?? null}
      no={say.sellNever}
      yes={say.sellNow}
      decline={() => late !== null && void current?.decline(late)}
      accept={() => late !== null && void current?.sellNow(late)}
    >
      {late !== null && (
        <p>{say.lateText(goodsText(late.goods, currency), time(late.pressedAt))}</p>
      )}
    </SaleQuestion>
  )
}
