import type { MerchantId, OperationId } from '@recargas/contracts'
import type {
  Account,
  Caja,
  Case,
  Injection,
  Merchant,
  Recent,
  Session,
  Topup,
} from './entities.ts'
import type { HeldChange } from './held-guards.ts'
import type { Usage, UsageChange } from './limits.ts'

/** Everything `apply` may look at. Looking changes nothing. */
export type LedgerView = {
  readonly merchant: (id: MerchantId) => Merchant | undefined
  readonly account: (id: string) => Account | undefined
  readonly caja: (merchant: MerchantId, id: number) => Caja | undefined
  readonly session: (merchant: MerchantId, id: number) => Session | undefined
  readonly openSessionOf: (merchant: MerchantId, userId: string) => number | undefined
  readonly topup: (id: OperationId) => Topup | undefined
  /** Operations of a guard's key, oldest first. */
  readonly recent: (key: string) => readonly Recent[]
  /** Sales of a guard's key that have no outcome yet, however old, oldest first. */
  readonly held: (key: string) => readonly Recent[]
  /** Sales counted so far under a limit's key; undefined for none. */
  readonly usage: (key: string) => Usage | undefined
}

/** The new values of the changed entities; all others stay. */
export type Changes = {
  readonly merchants: readonly Merchant[]
  readonly accounts: readonly Account[]
  readonly cajas: readonly Caja[]
  readonly sessions: readonly Session[]
  readonly topups: readonly Topup[]
  readonly injections: readonly Injection[]
  readonly cases: readonly Case[]
  readonly recents: readonly (readonly [key: string, recent: readonly Recent[]])[]
  readonly held: readonly HeldChange[]
  readonly usages: readonly UsageChange[]
}

/** Changes that grow while an operation is decided. */
export type GrowingChanges = {
  readonly [Kind in keyof Changes]: Changes[Kind][number][]
}

export const nothingChanged = (): GrowingChanges => ({
  merchants: [],
  accounts: [],
  cajas: [],
  sessions: [],
  topups: [],
  injections: [],
  cases: [],
  recents: [],
  held: [],
  usages: [],
})
export const noChanges: Changes = nothingChanged()

export const sessionKey = (merchant: MerchantId, id: number): string => `${merchant}/${id}`

/** A mutable holder of the view's entities, and the one way changes get into it. */
export type LedgerState = {
  readonly merchants: Map<string, Merchant>
  readonly accounts: Map<string, Account>
  readonly cajas: Map<string, Caja>
  readonly sessions: Map<string, Session>
  readonly openSessions: Map<string, number>
  readonly topups: Map<string, Topup>
  readonly recents: Map<string, readonly Recent[]>
  /** Guards of every held sale, even when its top-up is not in memory: the float bounds their number. */
  readonly held: Map<string, readonly Recent[]>
  /** Nearly in order of their days, which differ by the shops' zones. */
  readonly usages: Map<string, Usage>
}

export const emptyState = (): LedgerState => ({
  merchants: new Map(),
  accounts: new Map(),
  cajas: new Map(),
  sessions: new Map(),
  openSessions: new Map(),
  topups: new Map(),
  recents: new Map(),
  held: new Map(),
  usages: new Map(),
})

/** A view over several states; the first state that has a value wins: a batch's changes over the committed state. */
export const viewOf = (...states: readonly LedgerState[]): LedgerView => {
  const finderOf = <Value>(pick: (state: LedgerState) => Map<string, Value>) => {
    const maps = states.map(pick)
    return (key: string): Value | undefined => {
      for (const map of maps) {
        const value = map.get(key)
        if (value !== undefined) return value
      }
      return undefined
    }
  }
  const caja = finderOf((state) => state.cajas)
  const session = finderOf((state) => state.sessions)
  const recent = finderOf((state) => state.recents)
  const held = finderOf((state) => state.held)
  return {
    merchant: finderOf((state) => state.merchants),
    account: finderOf((state) => state.accounts),
    caja: (merchant, id) => caja(sessionKey(merchant, id)),
    session: (merchant, id) => session(sessionKey(merchant, id)),
    // A layer that closed the session holds it as closed, so the layer below is not believed.
    openSessionOf: (merchant, userId) =>
      states
        .map(({ openSessions }) => openSessions.get(`${merchant}/${userId}`))
        .find((id) => id !== undefined && session(sessionKey(merchant, id))?.state === 'open'),
    topup: finderOf((state) => state.topups),
    recent: (key) => recent(key) ?? [],
    held: (key) => held(key) ?? [],
    usage: finderOf((state) => state.usages),
  }
}

/** Applies an operation's changes to a state. */
export const merge = (state: LedgerState, changes: Changes): void => {
  for (const merchant of changes.merchants) state.merchants.set(merchant.id, merchant)
  for (const account of changes.accounts) state.accounts.set(account.id, account)
  for (const caja of changes.cajas) state.cajas.set(sessionKey(caja.merchant, caja.id), caja)
  for (const session of changes.sessions) {
    state.sessions.set(sessionKey(session.merchant, session.id), session)
    const user = `${session.merchant}/${session.userId}`
    if (session.state === 'open') state.openSessions.set(user, session.id)
    else if (state.openSessions.get(user) === session.id) state.openSessions.delete(user)
  }
  for (const topup of changes.topups) state.topups.set(topup.id, topup)
  for (const [key, recents] of changes.recents) {
    // Set anew, so that the map's order is the order of the last use and the oldest can be dropped first.
    state.recents.delete(key)
    state.recents.set(key, recents)
  }
  for (const [key, held] of changes.held) state.held.set(key, held)
  for (const [key, usage] of changes.usages) state.usages.set(key, usage)
}
