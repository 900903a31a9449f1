import type { Log } from '@recargas/runtime'
import type { LogEntry } from '../accounting/entry.ts'
import type { Appended } from './write-block.ts'

/** Writes one line for each entry of an appended block, with the trace of the request that it goes back to. */
export const createEntryLog =
  (log: Log) =>
  ({ block, entries }: Pick<Appended, 'block' | 'entries'>): void => {
    const { partition, position } = block
    for (const entry of entries) {
      log.info('entry written', () => ({ ...fieldsOf(entry), partition, position }))
    }
  }

const fieldsOf = ({ operation, outcome, saleId, merchant, kind }: LogEntry) => {
  const { correlationId, data } = JSON.parse(operation) as {
    readonly correlationId: string
    readonly data: { readonly operationId?: string }
  }
  const kept = JSON.parse(outcome) as { readonly kind: string; readonly code?: string }
  return {
    correlationId,
    operationId: saleId ?? data.operationId ?? null,
    merchant,
    entry: kind,
    outcome: kept.kind,
    ...(kept.code === undefined ? {} : { code: kept.code }),
  }
}
