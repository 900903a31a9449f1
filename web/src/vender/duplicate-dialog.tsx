import { sentenceOf } from '../api/answer.ts'
import { till } from '../presses/tills.ts'
import { goodsText } from './result.tsx'
import { SaleQuestion } from './sale-question.tsx'
import { words } from './words.ts'

/** Asks before a sale is made that equals another one. */
export const DuplicateDialog = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  const current = till.value
  const isBusy = current?.isBusy.value ?? false
  const press = current?.kept.value.find(({ question }) => question !== null) ?? null
  return (
    <SaleQuestion
      id="duplicate"
      title={say.duplicate}
      asked={press === null || isBusy ? null : press.key}
      no={say.no}
      yes={say.sellAnother}
      decline={() => press !== null && void current?.decline(press)}
      accept={() => press !== null && void current?.confirm(press)}
    >
      {press !== null && <p>{say.duplicateText(goodsText(press.goods, currency))}</p>}
      {press?.question?.message != null && (
        <p>{sentenceOf({ code: 'DUPLICATE_SUSPECTED', sentence: press.question.message })}</p>
      )}
    </SaleQuestion>
  )
}
