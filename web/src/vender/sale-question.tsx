import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

type Props = {
  readonly id: string
  readonly title: string
  /** Key of the press that is asked about; null while nothing is asked. */
  readonly asked: string | null
  readonly no: string
  readonly yes: string
  readonly decline: () => void
  readonly accept: () => void
  readonly children: ComponentChildren
}

/** Asks in words before a sale is made. Escape is "No": nothing is sold by accident. */
export const SaleQuestion = ({ id, title, asked, no, yes, decline, accept, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (asked === null) dialog.current?.close()
    else if (dialog.current?.open === false) dialog.current.showModal()
  }, [asked])
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
          {children}
          <div class="row">
            <button type="button" onClick={decline}>
              {no}
            </button>
            <button type="button" class="first" onClick={accept}>
              {yes}
            </button>
          </div>
        </>
      )}
    </dialog>
  )
}
