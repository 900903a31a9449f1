import { time } from '../language/format.ts'
import { till } from '../presses/tills.ts'
import { isExpired } from '../session/session.ts'
import { goodsText } from './result.tsx'
import { SaleQuestion } from './sale-question.tsx'
import { words } from './words.ts'

/** Asks before a press is sold that came to nothing a while ago. */
export const LateDialog = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  return (
    <SaleQuestion
      id="late"
      title={say.late}
      press={isExpired.value ? null : (till.value?.late.value ?? null)}
      no={say.sellNever}
      yes={say.sellNow}
      accept={(press) => void till.value?.sellNow(press)}
    >
      {({ goods, pressedAt }) => <p>{say.lateText(goodsText(goods, currency), time(pressedAt))}</p>}
    </SaleQuestion>
  )
}
