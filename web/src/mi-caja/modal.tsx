import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { useRequest, type Request } from '../api/use-request.ts'
import { onSent } from '../forms/sent-form.tsx'
import { useFields } from '../forms/use-fields.ts'
import { draftOf } from '../session/draft.ts'
import { words } from './words.ts'

type Props = {
  readonly title: string
  readonly confirm: string
  readonly submit: Request
  /** Also after a request with which nothing was wrong. */
  readonly close: () => void
  readonly children: ComponentChildren
}

/** A form over the screen. Escape and "Cancelar" change nothing. */
export const Modal = ({ title, confirm, submit, close, children }: Props) => {
  const dialog = useRef<HTMLDialogElement>(null)
  const { fault, isUnderWay, make } = useRequest()
  useEffect(() => dialog.current?.showModal(), [])
  const send = async () => {
    const wrong = await submit()
    if (wrong === undefined) close()
    return wrong
  }
  return (
    <dialog ref={dialog} aria-labelledby="modal" onClose={close}>
      <form noValidate onSubmit={onSent(() => make(send))}>
        <h2 id="modal">{title}</h2>
        {children}
        <p role="alert" class="fault">
          {fault.value}
        </p>
        <div class="row">
          <button type="button" onClick={close}>
            {words.value.cancel}
          </button>
          <button class="first" aria-disabled={isUnderWay.value}>
            {confirm}
          </button>
        </div>
      </form>
    </dialog>
  )
}

/** The fields of a dialog as a draft, which ends when the dialog is left. */
export const useDialogFields = <Form extends object>(
  name: string,
  empty: Form,
  close: () => void,
) => {
  const { clear, ...fields } = useFields(empty, draftOf(name, empty))
  const leave = () => {
    clear()
    close()
  }
  return { ...fields, leave }
}
