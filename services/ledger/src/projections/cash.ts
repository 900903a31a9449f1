import { cajaDocument, sessionDocument } from '../mongo/documents.ts'
import { lastOfEach, projected, type Projection } from './projection.ts'

/** Cajas and cash sessions. */
export const cash: Projection = {
  name: 'cash',
  indexes: [
    // Cajas and open sessions of a partition, at a takeover.
    { fields: { p: 1, is: 1, state: 1 } },
    // The cajas of a shop.
    { fields: { p: 1, merchant: 1, id: 1 }, options: { partialFilterExpression: { is: 'caja' } } },
    // The sessions of a caja, newest first.
    {
      fields: { p: 1, merchant: 1, cajaId: 1, id: -1 },
      options: { partialFilterExpression: { is: 'session' } },
    },
    // A user's open session.
    {
      fields: { p: 1, merchant: 1, userId: 1 },
      options: { partialFilterExpression: { is: 'session', state: 'open' } },
    },
  ],
  documentsOf: (block) => [
    ...lastOfEach(
      block,
      ({ cajas }) => cajas,
      ({ merchant, id }) => `${merchant}/${id}`,
    ).map((caja) => projected(cajaDocument(caja, block.partition))),
    ...lastOfEach(
      block,
      ({ sessions }) => sessions,
      ({ merchant, id }) => `${merchant}/${id}`,
    ).map((session) => projected(sessionDocument(session, block.partition))),
  ],
}
