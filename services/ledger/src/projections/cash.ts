import type { Caja, Session } from '../accounting/entities.ts'
import { cajaDocument, sessionDocument } from '../mongo/documents.ts'
import { lastOfEach, type Projection } from './projection.ts'

const keyOf = ({ merchant, id }: Pick<Caja | Session, 'merchant' | 'id'>): string =>
  `${merchant}/${id}`

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
    ...lastOfEach(block, ({ cajas }) => cajas, keyOf, cajaDocument),
    ...lastOfEach(block, ({ sessions }) => sessions, keyOf, sessionDocument),
  ],
}
