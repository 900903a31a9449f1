import { isHeld } from '../domain/held-guards.ts'
import { isPastDay } from '../domain/days.ts'
import type { LedgerState } from '../domain/ledger-view.ts'

/**
 * Held top-ups that stay in memory for each partition. While the carrier is away any number may be held; one that is
 * not in memory is looked up when its verdict comes, or when a sale may repeat it.
 */
export const heldInMemoryMax = 2_000

/**
 * Takes a committed batch's layer into the state, and forgets what no later operation needs in memory: settled
 * top-ups, closed sessions (both are looked up when named), guards past their window, what was sold on earlier days, and
 * held top-ups beyond a number.
 */
export const absorbCommitted = (
  state: LedgerState,
  layer: LedgerState,
  { at, duplicateWindowMs }: { readonly at: number; readonly duplicateWindowMs: number },
): void => {
  for (const [id, merchant] of layer.merchants) state.merchants.set(id, merchant)
  for (const [id, account] of layer.accounts) state.accounts.set(id, account)
  for (const [key, caja] of layer.cajas) state.cajas.set(key, caja)
  for (const [key, session] of layer.sessions) {
    if (session.state === 'open') state.sessions.set(key, session)
    else state.sessions.delete(key)
  }
  for (const [user, session] of layer.openSessions) {
    if (session === 0) state.openSessions.delete(user)
    else state.openSessions.set(user, session)
  }
  for (const [id, topup] of layer.topups) {
    if (isHeld(topup)) state.topups.set(id, topup)
    else state.topups.delete(id)
  }
  for (const id of state.topups.keys()) {
    if (state.topups.size <= heldInMemoryMax) break
    state.topups.delete(id)
  }
  for (const [key, held] of layer.held) {
    if (held.length > 0) state.held.set(key, held)
    else state.held.delete(key)
  }
  for (const [key, recents] of layer.recents) {
    state.recents.delete(key)
    if (recents.length > 0) state.recents.set(key, recents)
  }
  for (const [key, recents] of state.recents) {
    // The map is in order of last use: the first fresh one ends the search.
    if ((recents.at(-1)?.at ?? 0) >= at - duplicateWindowMs) break
    state.recents.delete(key)
  }
  for (const [key, usage] of layer.usages) state.usages.set(key, usage)
  for (const [key, { day }] of state.usages) {
    if (!isPastDay(day, at)) break
    state.usages.delete(key)
  }
}
