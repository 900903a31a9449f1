import { injectionDocument } from '../mongo/documents.ts'
import { projectedNew, type Projection } from './projection.ts'

/** Injections by their id. */
export const injections: Projection = {
  name: 'injections',
  indexes: [
    // The history of a shop.
    { fields: { p: 1, merchant: 1, number: -1 } },
    // The guards of a takeover; the pace of a float.
    { fields: { p: 1, at: 1 } },
  ],
  documentsOf: ({ partition, entries }) =>
    entries.flatMap(({ changes }) =>
      changes.injections.map((injection) => projectedNew(injectionDocument(injection, partition))),
    ),
}
