import type { Shown } from '../api/resource.ts'
import { whyUnread } from '../api/why-unread.ts'
import type { Bundle, Operator } from './reads.ts'
import { words } from './words.ts'

/** The reason why the chosen goods cannot be sold now. A plain top-up is sold without the list of packages. */
export const whyUnsellable = (
  operator: Operator | undefined,
  isBundle: boolean,
  bundles: Shown<readonly Bundle[]>,
): string | null => {
  const state = isBundle ? operator?.paquetes : operator
  if (operator !== undefined && state?.disponible === false) {
    return words.value.whyStopped(operator.nombre, state.motivo ?? '')
  }
  return isBundle ? whyUnread(bundles) : null
}
