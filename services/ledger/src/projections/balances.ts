import { accountDocument, merchantDocument } from '../mongo/documents.ts'
import { projected, type Projection } from './projection.ts'

/** The balances of every account, and the last sequence numbers of every merchant. */
export const balances: Projection = {
  name: 'balances',
  indexes: [
    // All of a partition, at a takeover.
    { fields: { p: 1, is: 1 } },
    // The floats of a shop, and the floats of all.
    {
      fields: { kind: 1, merchant: 1 },
      options: { partialFilterExpression: { is: 'account' } },
    },
  ],
  documentsOf: ({ partition, entries }) =>
    entries.flatMap(({ changes }) => [
      ...changes.accounts.map((account) => projected(accountDocument(account, partition))),
      ...changes.merchants.map((merchant) => projected(merchantDocument(merchant, partition))),
    ]),
}
