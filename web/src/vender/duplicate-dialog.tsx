import { sentenceOf } from '../api/answer.ts'
import { till } from '../presses/tills.ts'
import { goodsText } from './result.tsx'
import { SaleQuestion } from './sale-question.tsx'
import { words } from './words.ts'

/** Asks before a sale is made that equals another one. */
export const DuplicateDialog = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  return (
    <SaleQuestion
      id="duplicate"
      title={say.duplicate}
      press={till.value?.kept.value.find(({ question }) => question !== null) ?? null}
      no={say.no}
      yes={say.sellAnother}
      accept={(press) => void till.value?.confirm(press)}
    >
      {({ goods, question }) => (
        <>
          <p>{say.duplicateText(goodsText(goods, currency))}</p>
          {question?.message != null && (
            <p>{sentenceOf({ code: 'DUPLICATE_SUSPECTED', sentence: question.message })}</p>
          )}
        </>
      )}
    </SaleQuestion>
  )
}
