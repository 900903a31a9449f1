import { caseDocument } from '../mongo/documents.ts'
import { projected, type Projection } from './projection.ts'

/** Cases by their id, as they were opened. A person's closing is no part of the log. */
export const cases: Projection = {
  name: 'cases',
  indexes: [
    // The cases of a shop, oldest first.
    { fields: { p: 1, merchant: 1, openedAt: 1, _id: 1 } },
  ],
  documentsOf: ({ partition, entries }) =>
    entries.flatMap(({ changes }) =>
      changes.cases.map((each) => projected(caseDocument(each, partition))),
    ),
}
