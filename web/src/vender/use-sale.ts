import { useSignal } from '@preact/signals'
import { useRef } from 'preact/hooks'
import { valueIn } from '../api/resource.ts'
import { till } from '../presses/tills.ts'
import { draftOf } from '../session/draft.ts'
import type { Shown as ShownPress } from '../presses/press.ts'
import { readOrder, type Faults, type Form } from './order.ts'
import type { Operator } from './reads.ts'
import { useBundles } from './use-bundles.ts'
import { whyUnsellable } from './why-unsellable.ts'

const empty: Form = { operator: '', number: '', amount: '', bundle: null }
const noFaults: Faults = { operator: null, number: null, amount: null }

export type SaleProps = {
  readonly operators: readonly Operator[]
  readonly sessionId: number | null
  /** The reason why nothing can be charged now; null where it can. */
  readonly whyNot: string | null
}

/** The state of the form: it is emptied once its sale is made, and kept where the cashier has to correct it. */
export const useSale = ({ operators, sessionId, whyNot }: SaleProps) => {
  const form = draftOf('sale', empty)
  const faults = useSignal(noFaults)
  const fields = useRef<HTMLFormElement>(null)
  const operator = operators.find(({ nombre }) => nombre === form.value.operator)
  const bundles = useBundles(operator)
  const reason = whyNot ?? whyUnsellable(operator, form.value.bundle !== null, bundles)
  const submit = () => {
    const current = till.value
    if (reason !== null || sessionId === null || current === null) return
    const onSale = { operators, bundles: valueIn(bundles) ?? [] }
    const read = readOrder(form.value, onSale, sessionId)
    if (read.kind === 'faults') {
      faults.value = read.faults
      focusFirstFault(fields.current, read.faults)
      return
    }
    const sent = form.value
    void current.press(read).then(() => {
      const { value: shown } = current.shown
      // The next customer's number may be typed already.
      if (shown !== null && isOver(shown) && form.value === sent) {
        form.value = { ...empty, operator: sent.operator }
      }
      if (fields.current?.contains(document.activeElement) === true) {
        fields.current.querySelector<HTMLElement>('#number')?.focus({ preventScroll: true })
      }
      // On a phone the result is below the form.
      document.getElementById('result')?.scrollIntoView({ block: 'nearest' })
    })
  }
  const change = (changes: Partial<Form>) => {
    form.value = { ...form.value, ...changes }
    faults.value = noFaults
  }
  return {
    fields,
    form: form.value,
    faults: faults.value,
    operator,
    bundles,
    reason,
    change,
    submit,
  }
}

/** True when this form has nothing more to do for the press. A sale that was not made is corrected. */
const isOver = ({ kind }: ShownPress): boolean => {
  switch (kind) {
    case 'sold':
    case 'pending':
    case 'unknown':
    case 'sign-in':
    case 'asking':
    case 'late':
      return true
    case 'sending':
    case 'refused':
    case 'not-sent':
    case 'not-kept':
    case 'other-tab':
      return false
  }
}

const focusFirstFault = (form: HTMLFormElement | null, faults: Faults): void => {
  const selector =
    faults.operator !== null
      ? 'input[name=operator]'
      : faults.number !== null
        ? '#number'
        : '#amount'
  form?.querySelector<HTMLElement>(selector)?.focus()
}
