import { money } from '../language/format.ts'
import type { Fault } from './order.ts'
import type { Operator } from './reads.ts'
import { words } from './words.ts'

/** The sentence below a wrong field; empty for a good one. */
export const faultText = (fault: Fault | null, operator: Operator | undefined): string => {
  const say = words.value
  const amount = (value: number | undefined) => money(value ?? 0, operator?.moneda ?? null)
  switch (fault?.kind) {
    case undefined:
      return ''
    case 'operator':
      return say.chooseOperator
    case 'number-missing':
      return say.numberMissing
    case 'number-wrong':
      return say.numberWrong(operator?.nombre ?? '', operator?.ayuda_numero ?? '')
    case 'bundle':
      return say.chooseBundle
    case 'amount-missing':
      return say.amountMissing
    case 'amount-wrong':
      return say.amountWrong
    case 'below':
      return say.amountBelow(amount(operator?.minimo))
    case 'above':
      return say.amountAbove(amount(operator?.maximo))
    case 'step':
      return say.amountStep(amount(operator?.paso))
  }
}
