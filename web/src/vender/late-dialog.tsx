import { useEffect, useRef } from 'preact/hooks'
import { time } from '../language/format.ts'
import { till } from '../presses/tills.ts'
import { isExpired } from '../session/session.ts'
import { goodsText } from './result.tsx'
import { words } from './words.ts'

/** Asks before a press is sold that came to nothing a while ago. Escape is "No": nothing is sold by accident. */
export const LateDialog = ({ currency }: { readonly currency: string | null }) => {
  const say = words.value
  const current = till.value
  const dialog = useRef<HTMLDialogElement>(null)
  const isBusy = current?.isBusy.value ?? false
  const late = isBusy || isExpired.value ? null : (current?.late.value ?? null)
  const key = late?.key ?? null
  useEffect(() => {
    if (key === null) dialog.current?.close()
    else if (dialog.current?.open === false) dialog.current.showModal()
  }, [key])
  return (
    <dialog
      ref={dialog}
      aria-labelledby="late"
      onCancel={(event) => {
        event.preventDefault()
        if (late !== null) void current?.decline(late)
      }}
    >
      <h2 id="late">{say.late}</h2>
      {late !== null && (
        <>
          <p>{say.lateText(goodsText(late.goods, currency), time(late.pressedAt))}</p>
          <div class="row">
            <button type="button" onClick={() => void current?.decline(late)}>
              {say.sellNever}
            </button>
            <button type="button" class="first" onClick={() => void current?.sellNow(late)}>
              {say.sellNow}
            </button>
          </div>
        </>
      )}
    </dialog>
  )
}
