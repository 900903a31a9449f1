import { topupDocument } from '../mongo/documents.ts'
import { projected, projectedNew, type Projection } from './projection.ts'

const open = { partialFilterExpression: { open: true } } as const

/**
 * Sales by their id: as they were reserved, how far they are, and their attempts. `open` is there while money is held.
 */
export const sales: Projection = {
  name: 'sales',
  indexes: [
    // The history of a shop, and a sale by its number.
    { fields: { p: 1, merchant: 1, number: -1 } },
    // The history of a session.
    { fields: { p: 1, merchant: 1, sessionId: 1, number: -1 } },
    // The sales to one phone number.
    { fields: { p: 1, merchant: 1, phone: 1, number: -1 } },
    // The guards and limits of a takeover; the history of a period.
    { fields: { p: 1, reservedAt: 1 } },
    // Held sales: without progress, oldest first; of every shop; how many there are.
    { fields: { p: 1, state: 1, progressAt: 1 }, options: open },
    // Sales of a shop that wait for a person, in order.
    { fields: { p: 1, merchant: 1, state: 1, number: 1 }, options: open },
  ],
  documentsOf: ({ partition, entries }) =>
    entries.flatMap(({ kind, changes }) =>
      changes.topups.map((sale) => {
        const document = topupDocument(sale, partition)
        return kind === 'reserve' ? projectedNew(document) : projected(document)
      }),
    ),
}
