import type { CarrierVerdict, SaleCaseKind } from '@recargas/contracts'
import type { EntryBuilder } from '../accounting/entry-builder.ts'
import type { Topup } from '../accounting/entities.ts'

/** The sale with a case of that kind, opened unless it is open already. */
export const withCase = (builder: EntryBuilder, topup: Topup, kind: SaleCaseKind): Topup => {
  if (topup.cases.includes(kind)) return topup
  builder.openCase({
    id: `${topup.id}:${kind}`,
    merchant: topup.merchant,
    kind,
    topupId: topup.id,
    amount: topup.amount,
    openedAt: builder.at,
  })
  return { ...topup, cases: [...topup.cases, kind] }
}

/** The carrier confirmed it, but of another amount, number, provider or bundle: booked at our values, for a person to look at. */
export const withEchoCase = (
  builder: EntryBuilder,
  topup: Topup,
  { verdict, differs }: CarrierVerdict,
): Topup =>
  verdict === 'authorized' && differs !== undefined
    ? withCase(builder, topup, 'echo-differs')
    : topup
