import type { Topup } from '../domain/entities.ts'
import type { OutboxMessage } from '../writer/ports.ts'
import { closeTopup } from './close-topup.ts'
import { fundsReserved } from './reserve-topup.ts'

export type SweepPorts = {
  /** Top-ups whose money is held and that showed no sign of life since `before`, oldest first. */
  readonly heldWithoutProgress: (before: number, limit: number) => Promise<readonly Topup[]>
  /** Outbox documents of batches older than `before`. */
  readonly unsent: (
    before: number,
    limit: number,
  ) => Promise<readonly { readonly id: string; readonly messages: readonly OutboxMessage[] }[]>
  readonly forgetSent: (ids: readonly string[]) => Promise<void>
  readonly send: (messages: readonly OutboxMessage[]) => Promise<boolean>
  readonly now: () => number
}

export type SweepLimits = {
  readonly outboxAgeMs: number
  readonly backoffMsMin: number
  readonly backoffMsMax: number
  readonly batchMax: number
}

export type Sweeper = {
  readonly sweep: () => Promise<{ readonly unsent: number; readonly asked: number }>
}

/** A held sale is asked about; one that a person has decided must be closed. */
const questionAbout = (topup: Topup): OutboxMessage =>
  topup.decision?.isFinal === true ? closeTopup(topup) : fundsReserved(topup)

/**
 * Publishes again whatever makes no progress, so that the broker is never the only copy of an accepted sale. Every
 * instance sweeps every partition: a job said twice makes no second attempt, so nobody has to agree on who sweeps.
 */
export const createSweeper = (ports: SweepPorts, limits: SweepLimits): Sweeper => {
  // When each held top-up is asked about next; in memory, because asking too often is harmless.
  let patience = new Map<string, { readonly nextAt: number; readonly waitMs: number }>()

  const sweepOutbox = async (): Promise<number> => {
    const batches = await ports.unsent(ports.now() - limits.outboxAgeMs, limits.batchMax)
    const sent: string[] = []
    for (const { id, messages } of batches) {
      if (!(await ports.send(messages))) break
      sent.push(id)
    }
    if (sent.length > 0) await ports.forgetSent(sent)
    return batches.length
  }

  const sweepHeld = async (): Promise<number> => {
    const now = ports.now()
    const held = await ports.heldWithoutProgress(now - limits.backoffMsMin, limits.batchMax)
    const still = new Map<string, { readonly nextAt: number; readonly waitMs: number }>()
    const due: Topup[] = []
    for (const topup of held) {
      const known = patience.get(topup.id)
      if (known !== undefined && now < known.nextAt) {
        still.set(topup.id, known)
        continue
      }
      const waitMs =
        known === undefined ? limits.backoffMsMin : Math.min(known.waitMs * 2, limits.backoffMsMax)
      still.set(topup.id, { nextAt: now + waitMs, waitMs })
      due.push(topup)
    }
    patience = still
    if (due.length > 0) await ports.send(due.map(questionAbout))
    return due.length
  }

  return {
    sweep: async () => ({ unsent: await sweepOutbox(), asked: await sweepHeld() }),
  }
}
