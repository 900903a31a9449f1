import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Press } from '../presses/press.ts'
import { till } from '../presses/tills.ts'

type Props = {
  readonly id: string
  readonly title: string
  /** The press that is asked about; null where none is. */
  readonly press: Press | null
  readonly no: string
  readonly yes: string
  readonly accept: (press: Press) => void
  readonly children: (press: Press) => ComponentChildren
}

/** Asks in words before a sale is made, while none is under way. Escape is "No": nothing is sold by accident. */
export const SaleQuestion = ({ id, title, press, no, yes, accept, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const asked = till.value?.isBusy.value === true ? null : press
  const decline = () => asked !== null && void till.value?.decline(asked)
  useEffect(() => {
    if (asked === null) dialog.current?.close()
    else if (dialog.current?.open === false) dialog.current.showModal()
  }, [asked?.key])
  return (
    <dialog
      ref={dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        decline()
      }}
    >
      <h2 id={id}>{title}</h2>
      {asked !== null && (
        <>
          {children(asked)}
          <div class="row">
            <button type="button" onClick={decline}>
              {no}
            </button>
            <button type="button" class="first" onClick={() => accept(asked)}>
              {yes}
            </button>
          </div>
        </>
      )}
    </dialog>
  )
}
