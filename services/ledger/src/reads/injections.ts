import { injectionView } from '../float/inject-float.ts'
import { injectionOf } from '../mongo/documents.ts'
import { cash } from '../projections/cash.ts'
import { injections } from '../projections/injections.ts'
import type { Projected } from '../projections/open-projections.ts'
import { historyFilter, readHistory, within } from './history.ts'
import type { LedgerReads } from './ports.ts'
import type { ReadShown } from './read-shown.ts'

export const createInjectionReads = (
  projected: Projected,
  readShown: ReadShown,
): Pick<LedgerReads, 'injections'> => ({
  injections: (merchant, query) =>
    readShown.ofShop(merchant, [injections.name, cash.name], (reading) =>
      readHistory(projected, projected.injections, reading, merchant, query, {
        filter: {
          ...historyFilter(reading.partition, merchant, query),
          ...within(query, 'at'),
        },
        viewOf: (injection) => injectionView(injectionOf(injection)),
      }),
    ),
})
