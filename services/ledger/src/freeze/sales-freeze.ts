import type { SellingState } from '@recargas/contracts'
import { runRounds, type Log } from '@recargas/runtime'
import type { Report } from '../reconcile/report.ts'

/** The cause of the sales freeze: the books come from a backup and lack the sales made after it. */
export type Restored = { readonly recoveryPoint: string; readonly lastRun: number }
export type RunSince = { readonly number: number } & Pick<Report, 'status' | 'uncertain'>

export type SalesFreezeStore = {
  /** null: sales are taken. */
  readonly read: () => Promise<Restored | null>
  /** Reconciliations after that one, in their order. */
  readonly runsAfter: (lastRun: number) => Promise<readonly RunSince[]>
  readonly open: (opened: {
    readonly at: number
    readonly by: string
    readonly reason: string
  }) => Promise<void>
}

export type SalesFreeze = {
  readonly areSalesOpen: () => boolean
  readonly state: () => SellingState
  /** Releases the freeze in a person's name, without a reconciliation's proof. Safe to repeat. */
  readonly accept: (by: string, reason: string) => Promise<void>
  readonly stop: () => Promise<void>
}

type Options = {
  readonly store: SalesFreezeStore
  readonly now: () => number
  readonly everyMs: number
  readonly log: Pick<Log, 'info' | 'warn'>
}

const openState: SellingState = { open: true, reason: null }

/**
 * Keeps new sales out after a restore until the carrier's balance is explained: a lost sale would be sold twice, or a
 * token be used again. Once open it stays so while this process lives, because a restore needs it stopped.
 */
export const createSalesFreeze = async (options: Options): Promise<SalesFreeze> => {
  const { store, now, log } = options
  let state = openState
  const look = async (): Promise<void> => {
    const restored = await store.read()
    if (restored === null) {
      state = openState
      return
    }
    const judged = judge(restored, await store.runsAfter(restored.lastRun))
    if (judged.kind === 'keep') {
      state = { open: false, reason: judged.reason }
      return
    }
    const reason = `reconciliation ${judged.run} found nothing that differs`
    await store.open({ at: now(), by: 'reconciliation', reason })
    state = openState
    log.info('sales freeze released', { reason })
  }
  const restored = await store.read()
  if (restored === null) {
    return {
      areSalesOpen: () => true,
      state: () => openState,
      accept: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    }
  }
  state = { open: false, reason: awaiting(restored) }
  log.warn('sales are frozen', { reason: state.reason })
  const rounds = runRounds(() => (state.open ? Promise.resolve() : look()), {
    everyMs: options.everyMs,
    begin: 'at-once',
    onFailure: (error) => log.warn('sales freeze could not be read; retrying', { error }),
  })
  return {
    areSalesOpen: () => state.open,
    state: () => state,
    accept: async (by, reason) => {
      await store.open({ at: now(), by, reason })
      await look()
      log.warn('sales freeze released by a person', { by, reason })
    },
    stop: rounds.stop,
  }
}

type Judged =
  | { readonly kind: 'open'; readonly run: number }
  | { readonly kind: 'keep'; readonly reason: string }

/**
 * Judges by the first conclusive run: later runs expect its difference, or its place in a range, so their "equal" does not
 * prove that the backup's books were whole.
 */
export const judge = (restored: Restored, runs: readonly RunSince[]): Judged => {
  const first = runs.find(({ status }) => status !== 'open')
  if (first === undefined) return { kind: 'keep', reason: awaiting(restored) }
  switch (first.status) {
    case 'equal':
      if (first.uncertain === 0) return { kind: 'open', run: first.number }
      return keep(
        restored,
        `sales were in flight when the backup's last reconciliation ran, so reconciliation ${first.number} ` +
          `compared a range: up to ${first.uncertain} may be missing, which a person must accept`,
      )
    case 'different':
      return keep(
        restored,
        `reconciliation ${first.number} found a difference that a person must accept`,
      )
    case 'baseline':
      return keep(
        restored,
        'the backup held no reconciliation to compare with: a person must accept',
      )
    case 'open':
      return keep(restored, 'sales in flight may explain the difference')
  }
}

const keep = ({ recoveryPoint }: Restored, why: string): Judged => ({
  kind: 'keep',
  reason: `restored to ${recoveryPoint}: ${why}`,
})

const awaiting = ({ recoveryPoint }: Restored): string =>
  `restored to ${recoveryPoint}: waiting for a reconciliation that finds no difference`
