import type { MerchantId, OperationId } from '@recargas/contracts'
import type { Session, Topup } from '../accounting/entities.ts'
import { sessionKey, type LedgerState } from '../accounting/ledger-view.ts'
import { isSale } from '../accounting/operation.ts'
import { guardKeyOf } from '../sales/reserve-sale.ts'
import type { InboundOperation } from './inbound-operation.ts'

/** Records that a batch refers to and memory lacks. */
export type Lookups = {
  readonly operationIds: readonly OperationId[]
  readonly topupIds: readonly OperationId[]
  readonly sessions: readonly (readonly [MerchantId, number])[]
}

/** The outcome of an operation's latest entry: a confirmed sale may follow a suspected duplicate. */
export type KnownOperation = {
  readonly id: string
  readonly fingerprint: string | null
  /** JSON of the outcome as it was first given. */
  readonly outcome: string
}

export type LookupResult = {
  readonly operations: ReadonlyMap<string, KnownOperation>
  /** The top-ups asked for, and those that the known operations made. */
  readonly topups: readonly Topup[]
  readonly sessions: readonly Session[]
}

/** Reads the planned records. Rejects where the database does not answer in time. */
export type LookUp = (partition: number, planned: Lookups) => Promise<LookupResult>

/**
 * Collects the records that a batch needs and memory lacks: earlier operations of the same id, settled top-ups, possible
 * duplicates of a sale, closed sessions.
 */
export const planLookups = (
  state: LedgerState,
  inbounds: readonly InboundOperation[],
  mayBeKnown: (inbound: InboundOperation) => boolean,
): Lookups => {
  const operationIds = new Set<OperationId>()
  const topupIds = new Set<OperationId>()
  const sessions = new Map<string, readonly [MerchantId, number]>()
  const wantSession = (merchant: MerchantId, id: number) => {
    const key = sessionKey(merchant, id)
    if (!state.sessions.has(key)) sessions.set(key, [merchant, id])
  }
  for (const inbound of inbounds) {
    const { operation } = inbound
    if (operation.type === 'CarrierVerdict') {
      const { topupId } = operation.data
      const topup = state.topups.get(topupId)
      if (topup === undefined) topupIds.add(topupId)
      else wantSession(topup.merchant, topup.sessionId)
      continue
    }
    if (mayBeKnown(inbound)) operationIds.add(operation.data.operationId)
    if (operation.type === 'ResolveTopup') {
      const { topupId } = operation.data
      if (!state.topups.has(topupId)) topupIds.add(topupId)
    }
    if (isSale(operation) && !operation.data.confirmDuplicate) {
      // The refusal contains the earlier sale's state. Earlier ones are looked up too: the batch may release the last one
      // first.
      const key = guardKeyOf(operation.data)
      for (const guards of [state.recents, state.held]) {
        for (const { operationId } of guards.get(key) ?? []) {
          if (!state.topups.has(operationId)) topupIds.add(operationId)
        }
      }
    }
    if ('sessionId' in operation.data) {
      wantSession(operation.data.merchant, operation.data.sessionId)
    }
  }
  return {
    operationIds: [...operationIds],
    topupIds: [...topupIds],
    sessions: [...sessions.values()],
  }
}
