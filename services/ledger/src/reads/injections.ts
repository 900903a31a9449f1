import { injectionView } from '../float/inject-float.ts'
import { injectionOf } from '../mongo/documents.ts'
import { cash } from '../projections/cash.ts'
import { injections } from '../projections/injections.ts'
import type { Projected } from '../projections/open-projections.ts'
import { after, countMax, historyFilter, pageOf, sessionsOf, within } from './history.ts'
import type { LedgerReads } from './ports.ts'
import type { ReadShown } from './read-shown.ts'

export const createInjectionReads = (
  projected: Projected,
  readShown: ReadShown,
): Pick<LedgerReads, 'injections'> => ({
  injections: (merchant, query) =>
    readShown.ofShop(merchant, [injections.name, cash.name], async (reading) => {
      const { partition, options } = reading
      const filter = { ...historyFilter(partition, merchant, query), ...within(query, 'at') }
      const [found, total] = await Promise.all([
        projected.injections
          .find({ ...filter, ...after(query) }, options)
          .sort({ number: -1 })
          .limit(query.limit + 1)
          .toArray(),
        projected.injections.countDocuments(filter, { ...options, limit: countMax }),
      ])
      const { page, next } = pageOf(found, query)
      return {
        items: page.map((injection) => injectionView(injectionOf(injection))),
        sessions: await sessionsOf(projected, reading, merchant, page),
        next,
        total,
      }
    }),
})
