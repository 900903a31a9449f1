import { useEffect, useRef } from 'preact/hooks'
import { sentenceOf } from '../api/answer.ts'
import { till } from '../presses/tills.ts'
import { goodsText } from './result.tsx'
import { words } from './words.ts'

/** Asks in words before an equal sale is made. Escape is "No": nothing is sold by accident. */
export const DuplicateDialog = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  const current = till.value
  const dialog = useRef<HTMLDialogElement>(null)
  const isBusy = current?.isBusy.value ?? false
  const asked = current?.kept.value.find(({ question }) => question !== null) ?? null
  const key = asked === null || isBusy ? null : asked.key
  useEffect(() => {
    if (key === null) dialog.current?.close()
    else if (dialog.current?.open === false) dialog.current.showModal()
  }, [key])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="duplicate"
      onCancel={(event) => {
        event.preventDefault()
        if (asked !== null) void current?.decline(asked)
      }}
    >
      <h2 id="duplicate">{say.duplicate}</h2>
      {asked !== null && (
        <>
          <p>{say.duplicateText(goodsText(asked.goods, currency))}</p>
          {asked.question?.message != null && (
            <p>{sentenceOf({ code: 'DUPLICATE_SUSPECTED', sentence: asked.question.message })}</p>
          )}
          <div class="row">
            <button type="button" onClick={() => void current?.decline(asked)}>
              {say.no}
            </button>
            <button type="button" class="first" onClick={() => void current?.confirm(asked)}>
              {say.sellAnother}
            </button>
          </div>
        </>
      )}
    </dialog>
  )
}
