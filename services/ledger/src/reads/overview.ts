import { isLow, runwayMinutesOf, type LowFloatLimits } from '../float/runway.ts'
import type { FloatPaces } from './float-pace.ts'
import type { Figures } from '../metrics/ledger-metrics.ts'
import type { OperatorReads } from './ports.ts'

/** Overview of every shop, for operators of the system. It does not wait for projections and shows their present state. */
export const createOverview = ({
  figures,
  paces,
  lowFloats,
}: {
  readonly figures: () => Promise<Pick<Figures, 'held' | 'casesOpen'>>
  readonly paces: Pick<FloatPaces, 'all'>
  readonly lowFloats: LowFloatLimits
}): Pick<OperatorReads, 'overview'> => ({
  overview: async () => {
    const [{ held, casesOpen }, floats] = await Promise.all([figures(), paces.all()])
    return {
      held: held.map(({ oldestAt, ...rest }) => ({
        ...rest,
        oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString(),
      })),
      lowFloats: floats
        .filter((float) => isLow(float, lowFloats))
        .map(({ spentLastHour, ...float }) => ({
          ...float,
          runwayMinutes: runwayMinutesOf({ available: float.available, spentLastHour }),
        })),
      openCases: casesOpen,
    }
  },
})
