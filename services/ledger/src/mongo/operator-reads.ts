import type { HeldQuery, RetiredCajas, TopupView } from '@recargas/contracts'
import { cajaView } from '../domain/drawers.ts'
import { isLow, runwayMinutesOf, type LowFloatLimits } from '../float/runway.ts'
import type { OperatorReads } from '../reads/ports.ts'
import { topupView } from '../topups/topup-view.ts'
import type { Collections, LedgerDatabase } from './collections.ts'
import { accountOf, cajaDocId, cajaOf, topupOf } from './documents.ts'
import { createFigures } from './figures.ts'
import type { FloatPaces } from './float-pace.ts'
import { accountsIn, cajasIn } from './state.ts'

const timeoutMs = 2_000

/** Reads over every shop, for the people who run the system. */
export const createOperatorReads = (
  database: LedgerDatabase,
  options: { readonly paces: Pick<FloatPaces, 'all'>; readonly lowFloats: LowFloatLimits },
): OperatorReads => {
  const figures = createFigures(database)
  return {
    held: (query) => heldSales(database.collections, query),
    retiredCajas: () => retiredCajas(database.collections),
    overview: async () => {
      const [{ held, casesOpen }, floats] = await Promise.all([figures(), options.paces.all()])
      return {
        held: held.map(({ oldestAt, ...rest }) => ({
          ...rest,
          oldestAt: oldestAt === null ? null : new Date(oldestAt).toISOString(),
        })),
        lowFloats: floats
          .filter((float) => isLow(float, options.lowFloats))
          .map(({ spentLastHour, ...float }) => ({
            ...float,
            runwayMinutes: runwayMinutesOf({ available: float.available, spentLastHour }),
          })),
        openCases: casesOpen,
      }
    },
  }
}

const rowsMax = 1_000

/** From the drawers that hold something, by the accounts' own index: retired cajas alone have none. */
const retiredCajas = async (collections: Collections): Promise<RetiredCajas> => {
  const drawers = await accountsIn(collections)
    .find(
      {
        is: 'account',
        kind: 'drawer',
        $or: [{ posted: { $ne: 0 } }, { incoming: { $ne: 0 } }],
      },
      { maxTimeMS: timeoutMs },
    )
    .limit(rowsMax)
    .toArray()
  const byCaja = new Map(
    drawers.map(accountOf).map((drawer) => [cajaDocId(drawer.merchant, Number(drawer.of)), drawer]),
  )
  const cajas = await cajasIn(collections)
    .find({ _id: { $in: [...byCaja.keys()] }, active: false }, { maxTimeMS: timeoutMs })
    .sort({ _id: 1 })
    .toArray()
  return cajas.flatMap((stored) => {
    const drawer = byCaja.get(stored._id)
    return drawer === undefined
      ? []
      : [{ merchant: drawer.merchant, caja: cajaView(cajaOf(stored), drawer) }]
  })
}

/** Few sales are held at once, so they are sorted without an index. */
const heldSales = async (
  collections: Collections,
  { state, merchant, limit }: HeldQuery,
): Promise<TopupView[]> => {
  const found = await collections.topups
    .find(
      { open: true, state, ...(merchant === undefined ? {} : { merchant }) },
      { maxTimeMS: timeoutMs },
    )
    .sort({ reservedAt: 1, _id: 1 })
    .limit(limit)
    .toArray()
  return found.map((stored) => topupView(topupOf(stored), true))
}
