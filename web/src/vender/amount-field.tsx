import { useMemo } from 'preact/hooks'
import { amountInput, Field } from '../forms/field.tsx'
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
  /** True until the cashier has begun to fill in the sale. */
  readonly isNewSale: boolean
  readonly change: (amount: string) => void
}

/** The amount as text, with a button for each usual one and the operator's limits below. */
export const AmountField = ({ amount, fault, operator, recent, isNewSale, change }: Props) => {
  const say = words.value
  // Sales that are read amid this one must not move the buttons under the cashier's finger.
  const usual = useMemo(
    () => (operator === undefined ? [] : usualAmounts(operator, recent)),
    [operator?.nombre, isNewSale],
  )
  return (
    <>
      <Field
        {...amountInput}
        id="amount"
        label={say.amount}
        value={amount}
        aria-invalid={fault !== null}
        aria-describedby="amount-help amount-fault"
        change={change}
      />
      {operator !== undefined && (
        <div role="group" aria-label={say.usual} class="row">
          {usual.map((each) => (
            <button key={each} type="button" onClick={() => change(String(each))}>
              {each}
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
