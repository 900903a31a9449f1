import type { CrashPoint, Crashing } from '@recargas/service'
import type { ReconcilePorts } from './reconcile/run-reconciliation.ts'
import type { SweepPorts } from './topups/sweep-topups.ts'
import type { BatchSender } from './writer/batch-sender.ts'
import type { LedgerStore } from './writer/ports.ts'

type At = Crashing<CrashPoint<'ledger'>>

/**
 * Crash points on both sides of what each part asks of others: where one durable effect is done and the next is not.
 * Those within a takeover and a transaction are the store's own steps.
 */
export const crashingStore = (at: At, store: LedgerStore): LedgerStore => ({
  ...store,
  takeOver: async (...asked) => {
    const ownership = await store.takeOver(...asked)
    at.pass('state-read')
    return ownership
  },
  commit: async (batch) => {
    at.pass('batch-prepared')
    const result = await store.commit(batch)
    at.pass('batch-committed')
    return result
  },
})

/** Around one delivery: before its writer has it, and before it is acknowledged. */
export const crashingHandle =
  <Message, Delivery, Verdict extends { readonly verdict: string }>(
    at: At,
    handle: (message: Message, delivery: Delivery) => Promise<Verdict>,
  ) =>
  async (message: Message, delivery: Delivery): Promise<Verdict> => {
    at.pass('delivered')
    const verdict = await handle(message, delivery)
    if (verdict.verdict === 'ack') at.pass('before-ack')
    return verdict
  }

type Sending = {
  readonly send: SweepPorts['send']
  readonly forgetSent: SweepPorts['forgetSent']
}

/** What the writer's sender publishes and forgets. */
export const crashingSending = (at: At, { send, forgetSent }: Sending): Sending => ({
  send: async (messages) => {
    const isSent = await send(messages)
    if (messages.some(({ to }) => to !== 'gateways')) at.pass('jobs-confirmed')
    return isSent
  },
  forgetSent: async (ids) => {
    await forgetSent(ids)
    at.pass('outbox-forgotten')
  },
})

export const crashingSender = (at: At, sender: BatchSender): BatchSender => ({
  ...sender,
  send: (batch, hints) => {
    if ((batch?.messages.length ?? 0) === 0) {
      sender.send(batch, hints)
      return
    }
    at.pass('jobs-unsent')
    at.passLate('acked-unsent', () => sender.send(batch, hints))
  },
})

export const crashingSweep = (at: At, ports: SweepPorts): SweepPorts => ({
  ...ports,
  unsent: async (...asked) => {
    const found = await ports.unsent(...asked)
    if (found.length > 0) at.pass('sweep-found')
    return found
  },
  forgetSent: async (ids) => {
    at.pass('sweep-sent')
    await ports.forgetSent(ids)
  },
  heldWithoutProgress: async (...asked) => {
    const found = await ports.heldWithoutProgress(...asked)
    if (found.length > 0) at.pass('held-found')
    return found
  },
})

type Swept = (counts: { readonly unsent: number; readonly asked: number }) => void

export const crashingSwept =
  (at: At, onSwept: Swept): Swept =>
  (counts) => {
    if (counts.asked > 0) at.pass('held-asked')
    onSwept(counts)
  }

type RunPorts = Pick<ReconcilePorts, 'runs' | 'say'>

export const crashingRuns = (at: At, { runs, say }: RunPorts): RunPorts => ({
  runs: {
    ...runs,
    lease: async (...asked) => {
      const lease = await runs.lease(...asked)
      if (lease !== null) at.pass('reconcile-leased')
      return lease
    },
    keep: async (reconciliation) => {
      at.pass('reconcile-counted')
      const isKept = await runs.keep(reconciliation)
      at.pass('reconcile-kept')
      return isKept
    },
  },
  say: async (...message) => {
    const isSaid = await say(...message)
    at.pass('mismatch-said')
    return isSaid
  },
})
