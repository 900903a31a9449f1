import {
  invariant,
  type Currency,
  type MerchantId,
  type OperationId,
  type OperationResult,
  type RefusalCode,
  type RefusalDetails,
} from '@recargas/contracts'
import {
  accountId,
  noBalances,
  noSequences,
  type Account,
  type AccountKind,
  type Balances,
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
import { nothingChanged, type GrowingChanges, type LedgerView } from './ledger-view.ts'
import type { UsageChange } from './limits.ts'
import { refused, type Applied, type Outcome } from './operation.ts'

/**
 * Builds one operation's entry: reads see its changes so far, and the state changes only when its {@link Applied} is merged.
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
    number?: number | null,
  ) => Account
  readonly post: (account: Account, move: Partial<Balances>, session?: number | null) => Account
  readonly putCaja: (caja: Caja) => void
  readonly putSession: (session: Session) => void
  readonly putTopup: (topup: Topup) => void
  readonly putInjection: (injection: Injection) => void
  readonly openCase: (discrepancy: Case) => void
  /** Remembers a sale under a duplicate guard and drops those older than the window. */
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

type Request = {
  readonly operationId: OperationId
  readonly merchant: MerchantId
  readonly sessionId?: number
}

/** The frame of a request's entry, which has the operation's id. */
export const frameOf = (
  kind: EntryKind,
  { operationId: id, merchant, sessionId }: Request,
): EntryFrame => ({ id, kind, merchant, ...(sessionId === undefined ? {} : { sessionId }) })

export const createEntryBuilder = (base: LedgerView, at: number): EntryBuilder => {
  const changed = nothingChanged()
  const lines: Line[] = []
  const view = viewWith(changed, base)

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
    return { entry, changes: changed, outcome }
  }

  return {
    view,
    at,
    next: (id, currency, sequence) => {
      const merchant = view.merchant(id) ?? { id, currency, sequences: noSequences }
      const number = merchant.sequences[sequence] + 1
      const sequences = { ...merchant.sequences, [sequence]: number }
      put(changed.merchants, { ...merchant, sequences }, (other) => other.id === id)
      return number
    },
    account: (merchant, currency, kind, of = '', number = null) => {
      const id = accountId(merchant, kind, of)
      const opened = { id, merchant, currency, kind, of, number, createdAt: at, updatedAt: at }
      return view.account(id) ?? { ...opened, ...noBalances }
    },
    post: (account, delta, session = null) => {
      const moved = move(account, delta, at, session)
      lines.push(moved.line)
      put(changed.accounts, moved.account, (other) => other.id === account.id)
      return moved.account
    },
    putCaja: (caja) => put(changed.cajas, caja, (other) => isSame(other, caja)),
    putSession: (session) => put(changed.sessions, session, (other) => isSame(other, session)),
    putTopup: (topup) => {
      put(changed.topups, topup, (other) => other.id === topup.id)
      for (const [key, held] of heldAfter(view.held, topup)) putUnder(changed.held, key, held)
    },
    putInjection: (injection) => void changed.injections.push(injection),
    openCase: (discrepancy) => void changed.cases.push(discrepancy),
    remember: (key, recent, windowMs) => {
      const fresh = view.recent(key).filter((other) => at - other.at < windowMs)
      putUnder(changed.recents, key, [...fresh, recent])
    },
    forget: (key, operationId) => {
      const others = view.recent(key).filter((other) => other.operationId !== operationId)
      putUnder(changed.recents, key, others)
    },
    putUsages: (usages) => {
      for (const [key, usage] of usages) putUnder(changed.usages, key, usage)
    },
    finish,
  }
}

/** A refusal is journalled without lines, so that a repeat of its id can never succeed later. */
export const refuse = (
  builder: EntryBuilder,
  frame: EntryFrame,
  code: RefusalCode,
  details: RefusalDetails = {},
): Applied => builder.finish(frame, refused(code, details))

export const succeed = (
  builder: EntryBuilder,
  frame: EntryFrame,
  result: OperationResult,
): Applied => builder.finish(frame, { kind: 'applied', result })

/** Replaces the value that is there, in its place, or adds it. */
const put = <Entity>(
  values: Entity[],
  value: Entity,
  isOther: (other: Entity) => boolean,
): void => {
  const index = values.findIndex(isOther)
  if (index === -1) values.push(value)
  else values[index] = value
}

const putUnder = <Value>(values: (readonly [string, Value])[], key: string, value: Value): void =>
  put(values, [key, value], ([other]) => other === key)

type OfMerchant = { readonly merchant: MerchantId; readonly id: number }
const isSame = (one: OfMerchant, other: OfMerchant): boolean =>
  one.id === other.id && one.merchant === other.merchant

/** The base view with this operation's changes on top. */
const viewWith = (changed: GrowingChanges, base: LedgerView): LedgerView => ({
  merchant: (id) => changed.merchants.find((each) => each.id === id) ?? base.merchant(id),
  account: (id) => changed.accounts.find((each) => each.id === id) ?? base.account(id),
  caja: (merchant, id) =>
    changed.cajas.find((each) => isSame(each, { merchant, id })) ?? base.caja(merchant, id),
  session: (merchant, id) =>
    changed.sessions.find((each) => isSame(each, { merchant, id })) ?? base.session(merchant, id),
  topup: (id) => changed.topups.find((each) => each.id === id) ?? base.topup(id),
  openSessionOf: base.openSessionOf,
  recent: base.recent,
  held: base.held,
  usage: base.usage,
})
