import { accountDocument, merchantDocument } from '../mongo/documents.ts'
import { lastOfEach, type Projection } from './projection.ts'

const idOf = ({ id }: { readonly id: string }): string => id

/** The balances of every account, and the last sequence numbers of every merchant. */
export const balances: Projection = {
  name: 'balances',
  indexes: [
    // All of a partition, at a takeover; the floats of a shop, of all, and the drawers of all; the sums of all accounts.
    { fields: { p: 1, is: 1, kind: 1, merchant: 1 } },
  ],
  documentsOf: (block) => [
    ...lastOfEach(block, ({ accounts }) => accounts, idOf, accountDocument),
    ...lastOfEach(block, ({ merchants }) => merchants, idOf, merchantDocument),
  ],
}
