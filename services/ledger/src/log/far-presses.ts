import type { Log } from '@recargas/runtime'
import { expiredUntilOf, type LogEntry } from '../accounting/entry.ts'

const warnEveryMs = 60_000

/**
 * Warns, at most once a minute, of presses refused because they lie further ahead than clock + window + skew: a gateway whose
 * `ACCEPT_UNTIL_MS` exceeds the ledger's sells nothing. A ledger with an untrusted clock reports that in /ready, and its
 * refusals prove nothing about gateways.
 */
export const warnOfFarPresses = (deps: {
  readonly acceptWindowMs: number
  readonly clockSkewMs: number
  readonly isClockTrusted: () => boolean
  readonly now: () => number
  readonly log: Pick<Log, 'warn'>
}): ((appended: { readonly entries: readonly LogEntry[] }) => void) => {
  const { acceptWindowMs, clockSkewMs, isClockTrusted, now, log } = deps
  let warnedAt = -Infinity
  return ({ entries }) => {
    const at = now()
    if (at - warnedAt < warnEveryMs || !isClockTrusted()) return
    for (const { id, kind, outcome } of entries) {
      if (kind !== 'refuse') continue
      const aheadMs = (expiredUntilOf(outcome) ?? at) - at
      if (aheadMs <= acceptWindowMs + clockSkewMs) continue
      warnedAt = at
      log.warn(
        'a press is refused, too far ahead: a gateway’s ACCEPT_UNTIL_MS exceeds this ledger’s, or its clock is ahead',
        { operationId: id, aheadMs, ACCEPT_UNTIL_MS: acceptWindowMs, CLOCK_SKEW_MS: clockSkewMs },
      )
      return
    }
  }
}
