import { faultText } from './fault-text.ts'
import type { Fault } from './order.ts'
import type { Operator } from './reads.ts'
import { useLastOperator } from './use-last-operator.ts'
import { words } from './words.ts'

type Props = {
  readonly number: string
  readonly fault: Fault | null
  readonly operator: Operator | undefined
  readonly change: (number: string) => void
}

/** The number, with the operator's help and a hint where its last sale was of another operator. */
export const NumberField = ({ number, fault, operator, change }: Props) => {
  const say = words.value
  const hinted = useLastOperator(number)
  return (
    <>
      <label for="number">{say.number}</label>
      <input
        id="number"
        type="tel"
        inputMode="tel"
        autocomplete="off"
        maxLength={40}
        value={number}
        aria-invalid={fault !== null}
        aria-describedby="number-help number-fault"
        onInput={(event) => change(event.currentTarget.value)}
      />
      <p id="number-help">
        {operator?.ayuda_numero ?? ''}{' '}
        {hinted !== null && hinted !== operator?.nombre && <em>{say.hint(hinted)}</em>}
      </p>
      <p id="number-fault" class="fault">
        {faultText(fault, operator)}
      </p>
    </>
  )
}
