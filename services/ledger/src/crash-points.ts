import type { CrashPoint, Crashing } from '@recargas/runtime'
import type { BlockStore } from './log/block-store.ts'
import type { LoadMemory } from './log/load-memory.ts'
import type { MessageSender } from './log/send-messages.ts'
import type { ProjectionStore } from './projections/projection-store.ts'
import type { ReconcilePorts } from './reconcile/run-reconciliation.ts'
import type { RepeatPorts } from './log/repeat-held-sales.ts'
import type { LookUp } from './log/plan-lookups.ts'
import type { OutgoingMessage } from './accounting/outgoing-message.ts'

type At = Crashing<CrashPoint<'ledger'>>

/** Crash points on both sides of each port: where one durable effect is done and the next is not. */
export const crashingBlockStore = (at: At, store: BlockStore): BlockStore => ({
  ...store,
  insert: async (blocks) => {
    const kinds = new Set(blocks.map(({ kind }) => kind))
    if (kinds.has('takeover')) at.pass('takeover-built')
    if (kinds.has('batch')) at.pass('block-built')
    const replies = await store.insert(blocks)
    if (kinds.has('birth')) at.pass('birth-appended')
    if (kinds.has('takeover')) at.pass('takeover-appended')
    if (kinds.has('batch')) at.pass('block-appended')
    return replies
  },
})

export const crashingLoadMemory = (at: At, load: LoadMemory): LoadMemory =>
  at.after('state-read', load)

export const crashingLookUp = (at: At, lookUp: LookUp): LookUp => at.after('looked-up', lookUp)

export const crashingProjectionStore = (at: At, store: ProjectionStore): ProjectionStore => ({
  positionOf: at.after('position-read', store.positionOf),
  write: at.after('projection-written', (...asked) => {
    at.pass('projection-unwritten')
    return store.write(...asked)
  }),
  movePositions: at.after('position-moved', store.movePositions),
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

type Send = (messages: readonly OutgoingMessage[]) => Promise<boolean>

export const crashingSend =
  (at: At, send: Send): Send =>
  async (messages) => {
    const isSent = await send(messages)
    if (messages.some(({ to }) => to !== 'gateways')) at.pass('jobs-confirmed')
    return isSent
  }

export const crashingSender = (at: At, sender: MessageSender): MessageSender => ({
  ...sender,
  send: (jobs, notifications) => {
    if (jobs.length === 0) {
      sender.send(jobs, notifications)
      return
    }
    at.pass('jobs-unsent')
    at.passLate('acked-unsent', () => sender.send(jobs, notifications))
  },
})

export const crashingRepeat = (at: At, ports: RepeatPorts): RepeatPorts => ({
  ...ports,
  heldWithoutProgress: async (...asked) => {
    const found = await ports.heldWithoutProgress(...asked)
    if (found.length > 0) at.pass('held-found')
    return found
  },
})

type RunPorts = Pick<ReconcilePorts, 'runs' | 'publish'>

export const crashingRuns = (at: At, { runs, publish }: RunPorts): RunPorts => ({
  runs: {
    ...runs,
    lease: async (...asked) => {
      const lease = await runs.lease(...asked)
      if (lease !== null) at.pass('reconcile-leased')
      return lease
    },
    keep: at.after('reconcile-kept', (reconciliation) => {
      at.pass('reconcile-counted')
      return runs.keep(reconciliation)
    }),
  },
  publish: at.after('mismatch-said', publish),
})
