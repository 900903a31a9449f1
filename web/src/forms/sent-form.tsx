import type { ComponentChildren } from 'preact'
import { useRequest, type Request } from '../api/use-request.ts'

/** Takes the sending of a form from the browser, which would load another page. */
export const onSent = (submit: () => unknown) => (event: Event) => {
  event.preventDefault()
  void submit()
}

type Props = {
  /** Id of its title; the ids of its fault and of the reason begin with it. */
  readonly id: string
  readonly title?: string
  readonly button: string
  /** True where the screen has something more important to press. */
  readonly isMinor?: boolean
  /** The reason why it cannot be sent now; null where it can. */
  readonly whyNot: string | null
  readonly submit: Request
  readonly notice?: ComponentChildren
  readonly children: ComponentChildren
}

/** A form of one request: its fields, the sentence of what is wrong, the button, and the reason where it cannot be sent. */
export const SentForm = ({ id, title, button, isMinor, whyNot, submit, ...parts }: Props) => {
  const { fault, isUnderWay, make } = useRequest()
  const send = () => whyNot === null && make(submit)
  return (
    <form noValidate aria-labelledby={title === undefined ? undefined : id} onSubmit={onSent(send)}>
      {title !== undefined && <h2 id={id}>{title}</h2>}
      {parts.children}
      <p id={`${id}-fault`} role="alert" class="fault">
        {fault.value}
      </p>
      <button
        class={isMinor === true ? '' : 'first'}
        aria-disabled={isUnderWay.value || whyNot !== null}
        aria-describedby={`${id}-why-not`}
      >
        {button}
      </button>
      <p id={`${id}-why-not`}>{whyNot ?? ''}</p>
      {parts.notice}
    </form>
  )
}
