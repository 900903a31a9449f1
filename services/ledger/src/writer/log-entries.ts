import type { Log } from '@recargas/service'
import type { PlacedEntry } from '../domain/chain.ts'
import type { PreparedBatch } from './ports.ts'

/** One line for each entry of a batch that is durable, with the trace of the request that it goes back to. */
export const createEntryLog =
  (log: Log) =>
  ({ partition, entries }: Pick<PreparedBatch, 'partition' | 'entries'>): void => {
    for (const placed of entries) {
      log.info('entry written', () => ({ ...fieldsOf(placed), partition, seq: placed.seq }))
    }
  }

const fieldsOf = ({ entry, operation, outcome }: PlacedEntry) => {
  const { correlationId, data } = JSON.parse(operation) as {
    readonly correlationId: string
    readonly data: { readonly operationId?: string }
  }
  const { kind, code } = JSON.parse(outcome) as { readonly kind: string; readonly code?: string }
  return {
    correlationId,
    operationId: entry.topupId ?? data.operationId ?? null,
    merchant: entry.merchant,
    entry: entry.kind,
    outcome: kind,
    ...(code === undefined ? {} : { code }),
  }
}
