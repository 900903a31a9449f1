import type { Connection } from 'mongoose'
import { caseClosingSchema } from './case-closing-model.ts'
import { dayClosingSchema } from './day-closing-model.ts'
import { leaseSchema } from './lease-model.ts'
import { proofProgressSchema } from './proof-progress-model.ts'
import { quarantineActionSchema, quarantineSchema } from './quarantine-model.ts'
import { reconciliationSchema } from './reconciliation-model.ts'
import { salesFreezeSchema } from './sales-freeze-model.ts'

/**
 * Models of the small collections beside the log: those that no block can rebuild (ledger-log L5), and the progress of the proof. A batch
 * and a projection never write them.
 */
export const openModels = (connection: Connection) => ({
  caseClosings: connection.model('case_closings', caseClosingSchema, 'case_closings'),
  dayClosings: connection.model('day_closings', dayClosingSchema, 'day_closings'),
  leases: connection.model('leases', leaseSchema, 'leases'),
  proofProgress: connection.model('proof_progress', proofProgressSchema, 'proof_progress'),
  quarantine: connection.model('quarantine', quarantineSchema, 'quarantine'),
  quarantineActions: connection.model(
    'quarantine_actions',
    quarantineActionSchema,
    'quarantine_actions',
  ),
  reconciliations: connection.model('reconciliations', reconciliationSchema, 'reconciliations'),
  selling: connection.model('selling', salesFreezeSchema, 'selling'),
})
export type LedgerModels = ReturnType<typeof openModels>

/** Ensures each model's collection and indexes. Two instances may do so at once, and none is ever dropped. */
export const ensureModels = async (models: LedgerModels): Promise<void> => {
  for (const model of Object.values(models)) {
    await model.createCollection()
    await model.createIndexes()
  }
}
