import {
  invariant,
  type Currency,
  type MerchantId,
  type OperationId,
  type RefusalCode,
  type RefusalDetails,
} from '@recargas/contracts'
import {
  accountId,
  noSequences,
  type Account,
  type AccountKind,
  type Caja,
  type Case,
  type Injection,
  type Recent,
  type Sequences,
  type Session,
  type Topup,
} from './entities.ts'
import { heldAfter } from './held-guards.ts'
import { assertBalanced, move, type Entry, type EntryKind, type Line } from './journal.ts'
import {
  absorb,
  emptyState,
  noChanges,
  viewOf,
  type Changes,
  type LedgerState,
  type LedgerView,
} from './ledger-view.ts'
import type { UsageChange } from './limits.ts'
import type { Applied, Outcome } from './operation.ts'

/**
 * One operation in the making: reads see what it changed so far, and nothing outside it changes until its
 * {@link Applied} is absorbed.
 */
export type EntryBuilder = {
  readonly view: LedgerView
  readonly at: number
  /** The next number of a sequence that a POS sees. */
  readonly next: (merchant: MerchantId, currency: Currency, sequence: keyof Sequences) => number
  readonly account: (
    merchant: MerchantId,
    currency: Currency,
    kind: AccountKind,
    of?: string,
    number?: number,
  ) => Account
  readonly post: (
    account: Account,
    move: { readonly posted?: number; readonly reserved?: number; readonly incoming?: number },
    session?: number | null,
  ) => Account
  readonly putCaja: (caja: Caja) => void
  readonly putSession: (session: Session) => void
  readonly putTopup: (topup: Topup) => void
  readonly putInjection: (injection: Injection) => void
  readonly openCase: (discrepancy: Case) => void
  /** Adds to what a duplicate guard knows; what is older than the window goes. */
  readonly remember: (key: string, recent: Recent, windowMs: number) => void
  readonly forget: (key: string, operationId: OperationId) => void
  readonly putUsages: (usages: readonly UsageChange[]) => void
  readonly finish: (entry: EntryFrame | null, outcome: Outcome) => Applied
}

export type EntryFrame = {
  readonly id: string
  readonly kind: EntryKind
  readonly merchant: MerchantId
  readonly topupId?: OperationId
  readonly sessionId?: number
  readonly resolves?: OperationId
}

export const createEntryBuilder = (base: LedgerView, at: number): EntryBuilder => {
  const layer = emptyState()
  const lines: Line[] = []
  const injections: Injection[] = []
  const cases: Case[] = []
  const view = overlay(base, layer)

  const finish = (frame: EntryFrame | null, outcome: Outcome): Applied => {
    assertBalanced(lines)
    invariant(frame !== null || lines.length === 0, 'balances moved without an entry')
    const entry: Entry | null =
      frame === null
        ? null
        : {
            id: frame.id,
            kind: frame.kind,
            merchant: frame.merchant,
            // Known to `apply` alone.
            day: null,
            topupId: frame.topupId ?? null,
            sessionId: frame.sessionId ?? null,
            resolves: frame.resolves ?? null,
            lines,
          }
    return { entry, changes: changesIn(layer, injections, cases), outcome }
  }

  return {
    view,
    at,
    next: (id, currency, sequence) => {
      const merchant = view.merchant(id) ?? { id, currency, sequences: noSequences }
      const number = merchant.sequences[sequence] + 1
      layer.merchants.set(id, {
        ...merchant,
        sequences: { ...merchant.sequences, [sequence]: number },
      })
      return number
    },
    account: (merchant, currency, kind, of = '', number) =>
      view.account(accountId(merchant, kind, of)) ??
      newAccount(merchant, currency, kind, of, number ?? null, at),
    post: (account, delta, session = null) => {
      const moved = move(account, delta, at, session)
      lines.push(moved.line)
      layer.accounts.set(moved.account.id, moved.account)
      return moved.account
    },
    putCaja: (caja) => absorbInto(layer, { cajas: [caja] }),
    putSession: (session) => absorbInto(layer, { sessions: [session] }),
    putTopup: (topup) => {
      layer.topups.set(topup.id, topup)
      for (const [key, held] of heldAfter(view.held, topup)) layer.held.set(key, held)
    },
    putInjection: (injection) => void injections.push(injection),
    openCase: (discrepancy) => void cases.push(discrepancy),
    remember: (key, recent, windowMs) => {
      const fresh = view.recent(key).filter((other) => at - other.at < windowMs)
      layer.recents.set(key, [...fresh, recent])
    },
    forget: (key, operationId) => {
      const others = view.recent(key).filter((other) => other.operationId !== operationId)
      layer.recents.set(key, others)
    },
    putUsages: (usages) => absorbInto(layer, { usages }),
    finish,
  }
}

/** A refusal is journalled without lines, so that a repeat of its id can never succeed later. */
export const refuse = (
  builder: EntryBuilder,
  frame: EntryFrame,
  code: RefusalCode,
  details: RefusalDetails = {},
): Applied => builder.finish(frame, { kind: 'refused', code, details })

const changesIn = (
  layer: LedgerState,
  injections: readonly Injection[],
  cases: readonly Case[],
): Changes => ({
  merchants: [...layer.merchants.values()],
  accounts: [...layer.accounts.values()],
  cajas: [...layer.cajas.values()],
  sessions: [...layer.sessions.values()],
  topups: [...layer.topups.values()],
  injections,
  cases,
  recents: [...layer.recents.entries()],
  held: [...layer.held.entries()],
  usages: [...layer.usages.entries()],
})

const absorbInto = (
  layer: ReturnType<typeof emptyState>,
  changes: Partial<Parameters<typeof absorb>[1]>,
): void => absorb(layer, { ...noChanges, ...changes })

const overlay = (base: LedgerView, layer: ReturnType<typeof emptyState>): LedgerView => {
  const own = viewOf(layer)
  return {
    merchant: (id) => own.merchant(id) ?? base.merchant(id),
    account: (id) => own.account(id) ?? base.account(id),
    caja: (merchant, id) => own.caja(merchant, id) ?? base.caja(merchant, id),
    session: (merchant, id) => own.session(merchant, id) ?? base.session(merchant, id),
    openSessionOf: base.openSessionOf,
    topup: (id) => own.topup(id) ?? base.topup(id),
    recent: base.recent,
    held: base.held,
    usage: base.usage,
  }
}

const newAccount = (
  merchant: MerchantId,
  currency: Currency,
  kind: AccountKind,
  of: string,
  number: number | null,
  at: number,
): Account => ({
  id: accountId(merchant, kind, of),
  merchant,
  currency,
  kind,
  of,
  number,
  posted: 0,
  reserved: 0,
  incoming: 0,
  createdAt: at,
  updatedAt: at,
})
