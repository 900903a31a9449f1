import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { words } from './words.ts'

type Props = {
  readonly title: string
  readonly confirm: string
  readonly fault: string
  readonly submit: () => Promise<void>
  readonly close: () => void
  readonly children: ComponentChildren
}

/** A form over the screen. Escape and "Cancelar" change nothing. */
export const Modal = ({ title, confirm, fault, submit, close, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const isSending = useSignal(false)
  useEffect(() => dialog.current?.showModal(), [])
  const send = async () => {
    if (isSending.value) return
    isSending.value = true
    try {
      await submit()
    } finally {
      isSending.value = false
    }
  }
  return (
    <dialog ref={dialog} aria-labelledby="modal" onClose={close}>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <h2 id="modal">{title}</h2>
        {children}
        <p role="alert" class="fault">
          {fault}
        </p>
        <div class="row">
          <button type="button" onClick={close}>
            {words.value.cancel}
          </button>
          <button class="first" aria-disabled={isSending.value}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}
