import type { SellingState } from '@recargas/contracts'
import { runRounds, type LogFields } from '@recargas/runtime'
import type { Report } from '../reconcile/report.ts'

/** Why sales are not taken: the books are a backup's, and what was sold after it is not in them. */
export type Restored = { readonly recoveryPoint: string; readonly lastRun: number }
export type RunSince = { readonly number: number } & Pick<Report, 'status' | 'uncertain'>

export type SellingBook = {
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

export type SellingGate = {
  readonly isOpen: () => boolean
  readonly state: () => SellingState
  /** A named person answers for what no reconciliation has shown. Safe to repeat. */
  readonly accept: (by: string, reason: string) => Promise<void>
  readonly stop: () => Promise<void>
}

type Options = {
  readonly book: SellingBook
  readonly now: () => number
  readonly everyMs: number
  readonly log: {
    readonly info: (message: string, fields?: LogFields) => void
    readonly warn: (message: string, fields?: LogFields) => void
  }
}

const openState: SellingState = { open: true, reason: null }

/**
 * Keeps new sales out after a restore until the carrier's balance is explained: a lost sale would be sold twice, or a
 * token be used again. Once open it stays so while this process lives, because a restore needs it stopped.
 */
export const createSellingGate = async (options: Options): Promise<SellingGate> => {
  const { book, now, log } = options
  let state = openState
  const look = async (): Promise<void> => {
    const restored = await book.read()
    if (restored === null) {
      state = openState
      return
    }
    const judged = judge(restored, await book.runsAfter(restored.lastRun))
    if (judged.kind === 'keep') {
      state = { open: false, reason: judged.reason }
      return
    }
    const reason = `reconciliation ${judged.run} found nothing that differs`
    await book.open({ at: now(), by: 'reconciliation', reason })
    state = openState
    log.info('sales are taken again', { reason })
  }
  const restored = await book.read()
  if (restored === null) {
    return {
      isOpen: () => true,
      state: () => openState,
      accept: () => Promise.resolve(),
      stop: () => Promise.resolve(),
    }
  }
  state = { open: false, reason: awaiting(restored) }
  log.warn('no sale is taken', { reason: state.reason })
  const rounds = runRounds(() => (state.open ? Promise.resolve() : look()), {
    everyMs: options.everyMs,
    begin: 'at-once',
    onFailure: (error) => log.warn('cannot see whether sales may be taken', { error }),
  })
  return {
    isOpen: () => state.open,
    state: () => state,
    accept: async (by, reason) => {
      await book.open({ at: now(), by, reason })
      await look()
      log.warn('sales are taken again on a person’s word', { by, reason })
    },
    stop: rounds.stop,
  }
}

type Judged =
  | { readonly kind: 'open'; readonly run: number }
  | { readonly kind: 'keep'; readonly reason: string }

/**
 * The first run that says something decides: a difference, and the place in a range, become part of what later runs
 * expect, so their "equal" no longer tells whether the books of the backup were whole.
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
