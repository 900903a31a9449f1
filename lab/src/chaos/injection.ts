import type { ChaosStack } from './chaos-stack.ts'
import type { SentMessage } from './facts.ts'

/** A fault's tools, and the records that it leaves for the oracle. */
export type Injection = {
  readonly stack: ChaosStack
  readonly merchant: string
  /** Requests that a gateway has and has not answered. */
  readonly inFlight: () => number
  readonly sent: (message: Omit<SentMessage, 'isAccountedFor'>) => void
  /** True when the journal has all of these operations. */
  readonly areCarriedOut: (operationIds: readonly string[]) => Promise<boolean>
  /** Reads the dead letters before the broker forgets them. */
  readonly noteDeadLetters: () => Promise<void>
  readonly random: () => number
}

/** Counted only where the target lived, a sale was in flight and the effect was seen. */
export type Outcome =
  { readonly kind: 'counted' } | { readonly kind: 'missed'; readonly reason: string }

export const counted: Outcome = { kind: 'counted' }
export const missed = (reason: string): Extract<Outcome, { kind: 'missed' }> => ({
  kind: 'missed',
  reason,
})

/** Breaks the stack and heals it. @param instance the target among a service's instances */
export type Break = (injection: Injection, instance: number) => Promise<Outcome>
