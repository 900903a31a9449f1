import type { LedgerIdentity } from '@recargas/contracts'
import type mongoose from 'mongoose'
import type { CaseBook } from '../cases/ports.ts'
import type { LowFloatLimits } from '../float/runway.ts'
import type { LedgerModels } from '../mongo/models.ts'
import type { AwaitPosition } from '../projections/await-position.ts'
import type { Projected } from '../projections/open-projections.ts'
import type { PositionReads } from '../projections/projection-store.ts'
import { createCaseBook, createCaseReads } from './cases.ts'
import { createCashReads } from './cash.ts'
import { createDayReads } from './days.ts'
import { createFigures } from './figures.ts'
import { createFloatPaces, type FloatPaces } from './float-pace.ts'
import { createFloatReads } from './floats.ts'
import { createInjectionReads } from './injections.ts'
import type { Figures } from '../metrics/ledger-metrics.ts'
import { createOperationReads } from './operation.ts'
import { createOverview } from './overview.ts'
import type { LedgerReads, OperatorReads } from './ports.ts'
import { createReadShown, type ReadShown } from './read-shown.ts'
import { createSaleReads } from './sales.ts'
import { createStatementReads } from './statements.ts'

export type Reads = {
  readonly reads: LedgerReads
  /** The same, waiting for the block that the caller names where it is newer. */
  readonly readsFrom: (named: number | undefined) => LedgerReads
  readonly operatorReads: OperatorReads
  readonly figures: () => Promise<Figures>
  readonly paces: FloatPaces
  readonly caseBook: CaseBook
}

/** Every read of the ledger, from the projections (ledger-log L9). */
export const createReads = (
  /** The database of the projections. */
  db: mongoose.mongo.Db,
  deps: {
    readonly projected: Projected
    readonly awaitPosition: Pick<AwaitPosition, 'shown' | 'now'>
    readonly positions: PositionReads
    readonly models: Pick<LedgerModels, 'caseClosings'>
    readonly identity: () => Promise<LedgerIdentity>
    readonly lowFloats: LowFloatLimits
    readonly now: () => number
  },
): Reads => {
  const { projected, lowFloats, now } = deps
  const readShown = createReadShown(deps.awaitPosition)
  const paces = createFloatPaces(projected, { readShown, positions: deps.positions, now })
  const { cases, sales: sold } = projected
  const caseSources = { cases, sales: sold, caseClosings: deps.models.caseClosings }
  const figures = createFigures(db, projected, caseSources, readShown)
  const ofShops = (shown: ReadShown) => ({
    identity: deps.identity,
    ...createOperationReads(projected, shown),
    ...createSaleReads(projected, shown),
    ...createInjectionReads(projected, shown),
    ...createCaseReads(caseSources, shown),
    ...createFloatReads(projected, shown, { paces, lowFloats }),
    ...createCashReads(projected, shown),
    ...createDayReads(projected, shown),
    ...createStatementReads(projected, shown, { now }),
  })
  const { held, retiredCajas, ...reads } = ofShops(readShown)
  return {
    reads,
    readsFrom: (named) =>
      named === undefined ? reads : ofShops(createReadShown(deps.awaitPosition, named)),
    operatorReads: { held, retiredCajas, ...createOverview({ figures, paces, lowFloats }) },
    figures,
    paces,
    caseBook: createCaseBook(caseSources, readShown),
  }
}
