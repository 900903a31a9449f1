import type { FloatView } from '@recargas/contracts'
import type { Account } from '../accounting/entities.ts'
import { isLow, runwayMinutesOf, type LowFloatLimits } from '../float/runway.ts'
import { accountOf } from '../mongo/documents.ts'
import { balances } from '../projections/balances.ts'
import type { Projected } from '../projections/open-projections.ts'
import { paceNeeds, type FloatPaces } from './float-pace.ts'
import type { LedgerReads } from './ports.ts'
import type { ReadShown } from './read-shown.ts'

const rowsMax = 1_000
const needs = [balances.name, ...paceNeeds]

export const createFloatReads = (
  projected: Projected,
  readShown: ReadShown,
  {
    paces,
    lowFloats,
  }: { readonly paces: Pick<FloatPaces, 'spentLastHour'>; readonly lowFloats: LowFloatLimits },
): Pick<LedgerReads, 'floats'> => ({
  floats: (merchant) =>
    readShown.ofShop(merchant, needs, async ({ partition: p, options }) => {
      const found = await projected.accounts
        .find({ p, is: 'account', kind: 'float', merchant }, options)
        .limit(rowsMax)
        .toArray()
      const spent = await paces.spentLastHour(found)
      return found
        .map((stored, index) => floatView(accountOf(stored), spent[index] ?? 0, lowFloats))
        .sort((left, right) => left.id - right.id)
    }),
})

const floatView = (
  account: Account,
  spentLastHour: number,
  lowFloats: LowFloatLimits,
): FloatView => {
  const { merchant, of: operator, posted, reserved } = account
  const available = posted - reserved
  return {
    id: account.number ?? 0,
    currency: account.currency,
    operator: operator as FloatView['operator'],
    posted,
    reserved: reserved as FloatView['reserved'],
    available,
    spentLastHour: spentLastHour as FloatView['spentLastHour'],
    runwayMinutes: runwayMinutesOf({ available, spentLastHour }),
    isLow: isLow({ merchant, operator, available, spentLastHour }, lowFloats),
    createdAt: new Date(account.createdAt).toISOString(),
    updatedAt: new Date(account.updatedAt).toISOString(),
  }
}
