import type { LedgerIdentity } from '@recargas/contracts'
import type { Clock } from './send-and-await.ts'

type Deps = {
  /** Throws when the ledger cannot be asked. */
  readonly read: () => Promise<LedgerIdentity>
  readonly clock: Clock
  readonly retryEveryMs: number
  /** A ledger with a new database has another namespace: its ids start afresh. */
  readonly refreshEveryMs: number
  readonly onChange: (identity: LedgerIdentity) => void
}

export type Namespace = {
  readonly current: () => string | null
  readonly stop: () => void
}

/** Keeps the ledger's namespace for derived ids; the last one known stands while the ledger is away. */
export const createNamespace = (deps: Deps): Namespace => {
  let current: string | null = null
  let isStopped = false
  let cancel: () => void = () => undefined
  const look = async (): Promise<void> => {
    try {
      const identity = await deps.read()
      if (identity.namespace !== current) deps.onChange(identity)
      current = identity.namespace
    } catch {
      // Asked again soon; until the first answer the gateway is not ready.
    }
    if (isStopped) return
    const delayMs = current === null ? deps.retryEveryMs : deps.refreshEveryMs
    cancel = deps.clock.after(delayMs, () => void look())
  }
  void look()
  return {
    current: () => current,
    stop: () => {
      isStopped = true
      cancel()
    },
  }
}
