import { OperatorName } from '../ids.ts'
import { money } from '../money.ts'
import type { RequestTopup } from '../operations/request-topup.ts'
import type { shopPress } from '../operations/press.ts'

/** A sale of 10.50 of Tigo in the first session, as its command carries it; for tests of every service. */
export const tigoSale = {
  sessionId: 1,
  operator: OperatorName.parse('Tigo'),
  carrier: 'tpaga',
  slug: 'tigo',
  number: '78945612',
  amount: money(1_050),
  carrierAmount: 1_050,
  confirmDuplicate: false,
} as const satisfies Omit<RequestTopup, keyof typeof shopPress>
