import type { CarrierVerdict, SaleCaseKind } from '@recargas/contracts'
import type { Draft } from './draft.ts'
import type { Topup } from './entities.ts'

/** The sale with a case of that kind, opened unless it is open already. */
export const withCase = (draft: Draft, topup: Topup, kind: SaleCaseKind): Topup => {
  if (topup.cases.includes(kind)) return topup
  draft.openCase({
    id: `${topup.id}:${kind}`,
    merchant: topup.merchant,
    kind,
    topupId: topup.id,
    amount: topup.amount,
    openedAt: draft.at,
  })
  return { ...topup, cases: [...topup.cases, kind] }
}

/** The carrier confirmed it, but of another amount, number, provider or bundle: booked at our values, for a person to look at. */
export const withEchoCase = (
  draft: Draft,
  topup: Topup,
  { verdict, differs }: CarrierVerdict,
): Topup =>
  verdict === 'authorized' && differs !== undefined ? withCase(draft, topup, 'echo-differs') : topup
