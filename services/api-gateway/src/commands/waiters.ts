import type { LedgerEvent } from '@recargas/contracts'

type Listener = (event: LedgerEvent) => void

export type Waiters = {
  /** Receives every event about one operation until the returned function is called. */
  readonly listen: (operationId: string, listener: Listener) => () => void
  /** True while a request of this process waits for that operation. */
  readonly isAwaited: (operationId: string) => boolean
  readonly receive: (event: LedgerEvent) => void
  readonly count: () => number
}

/** Requests under way in this process, by the operation they wait for. Nothing here is durable: the ledger is the truth. */
export const createWaiters = (): Waiters => {
  const listeners = new Map<string, Set<Listener>>()
  let count = 0
  return {
    listen: (operationId, listener) => {
      const known = listeners.get(operationId)
      const all = known ?? new Set<Listener>()
      if (known === undefined) listeners.set(operationId, all)
      all.add(listener)
      count += 1
      return () => {
        if (!all.delete(listener)) return
        count -= 1
        if (all.size === 0) listeners.delete(operationId)
      }
    },
    isAwaited: (operationId) => listeners.has(operationId),
    receive: (event) => {
      for (const listener of [...(listeners.get(operationOf(event)) ?? [])]) listener(event)
    },
    count: () => count,
  }
}

/** The operation that an event is about. */
export const operationOf = (event: LedgerEvent): string =>
  event.type === 'TopupSettled.v1' ? event.data.topupId : event.data.operationId
