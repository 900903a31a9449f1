import { createCases } from './cases/close-case.ts'
import type { Settings } from './config.ts'
import { createDays } from './days/close-day.ts'
import { lowFloatLimits } from './float/runway.ts'
import type { LedgerDatabase } from './connect-database.ts'
import { createDayBook } from './reads/day-book.ts'
import { createReads } from './reads/create-reads.ts'
import type { RunningLog } from './start-log.ts'

/** Opens the ledger's reads and the closing of cases and of days. */
export const openReads = (settings: Settings, { database, running, now }: ReadParts) => {
  const lowFloats = lowFloatLimits(settings.LOW_FLOAT_RUNWAY_MINUTES, settings.LOW_FLOAT_MINOR)
  const { namespace, at } = running.birth
  const bornAt = new Date(at).toISOString()
  const { caseBook, ...reads } = createReads(database.db, {
    projected: running.projected,
    awaitPosition: running.awaitPosition,
    positions: running.positions,
    models: database.models,
    identity: () => Promise.resolve({ namespace, bornAt }),
    lowFloats,
    now,
  })
  return {
    ...reads,
    lowFloats,
    cases: createCases(caseBook, now),
    days: createDays(createDayBook(database.models, reads.reads), now),
  }
}

type ReadParts = {
  readonly database: LedgerDatabase
  readonly running: RunningLog
  readonly now: () => number
}
