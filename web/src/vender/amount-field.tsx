import { money } from '../language/format.ts'
import { faultText } from './fault-text.ts'
import { usualAmounts, type Fault } from './order.ts'
import type { Operator, Row } from './reads.ts'
import { words } from './words.ts'

type Props = {
  readonly amount: string
  readonly fault: Fault | null
  readonly operator: Operator | undefined
  readonly recent: readonly Row[]
  readonly change: (amount: string) => void
}

/** The amount as text, with a button for each usual one and the operator's limits below. */
export const AmountField = ({ amount, fault, operator, recent, change }: Props) => {
  const say = words.value
  return (
    <>
      <label for="amount">{say.amount}</label>
      <input
        id="amount"
        inputMode="decimal"
        autocomplete="off"
        maxLength={12}
        value={amount}
        aria-invalid={fault !== null}
        aria-describedby="amount-help amount-fault"
        onInput={(event) => change(event.currentTarget.value)}
      />
      {operator !== undefined && (
        <div role="group" aria-label={say.usual} class="row">
          {usualAmounts(operator, recent).map((usual) => (
            <button key={usual} type="button" onClick={() => change(String(usual))}>
              {usual}
            </button>
          ))}
        </div>
      )}
      <p id="amount-help">{operator === undefined ? '' : limitsText(operator)}</p>
      <p id="amount-fault" class="fault">
        {faultText(fault, operator)}
      </p>
    </>
  )
}

const limitsText = ({ minimo, maximo, paso, moneda }: Operator): string =>
  words.value.limits(money(minimo, moneda), money(maximo, moneda), money(paso, moneda))
