import type { SaleRequest } from './requests.ts'

export type TransactionState = 'authorized' | 'rejected' | 'in_progress' | 'unknown' | 'created'
export type FinalState = Extract<TransactionState, 'authorized' | 'rejected'>

/** One idempotency token and everything that ever happened to it. Amounts in the carrier's units. */
export type Transaction = {
  readonly request: SaleRequest
  readonly serial: number
  state: TransactionState
  /** 0 or 1; an oracle that ever reads 2 has found a bug in the sandbox itself. */
  debits: number
  /** HTTP status of the POST where the document's test number asks for another than the state's own. */
  postStatus: number | undefined
  /** The final state of a transaction in progress and its time (epoch ms). */
  settlement: { readonly state: FinalState; readonly at: number } | undefined
}

export type Outcome = {
  readonly state: TransactionState
  readonly postStatus?: number | undefined
  readonly settlesTo?: { readonly state: FinalState; readonly afterMs: number }
}

export type Totals = {
  readonly transactions: number
  readonly authorized: number
  readonly rejected: number
  readonly unsettled: number
  readonly debits: number
  readonly debitedAmount: number
  /** Tokens dropped because the book was full: a repeat of one of them would be sold again. */
  readonly forgotten: number
}

export type Saved = { readonly balance: number; readonly transactions: readonly Transaction[] }

/** The carrier's books: one balance and its transactions. All of it is synchronous, so it is atomic. */
export type Book = {
  readonly balance: () => number
  readonly setBalance: (balance: number) => void
  readonly maxLoanAmount: number
  readonly find: (idempotencyToken: string) => Transaction | undefined
  /** Books a new token. `onDebit` runs when its money leaves, which may be later. */
  readonly record: (request: SaleRequest, outcome: Outcome, onDebit: () => void) => Transaction
  readonly transactions: () => Iterable<Transaction>
  readonly totals: () => Totals
  readonly load: (saved: Saved) => void
  readonly reset: (balance: number) => void
  /** Stops the settlement timers. */
  readonly close: () => void
}

type BookOptions = {
  readonly balance: number
  readonly maxLoanAmount: number
  readonly maxTransactions: number
  /** Called for each new or changed transaction, and without one when only the balance changed. */
  readonly onChange: (transaction?: Transaction) => void
}

type Ledger = {
  balance: number
  serial: number
  debits: number
  debitedAmount: number
  forgotten: number
  readonly byToken: Map<string, Transaction>
  readonly inState: Record<TransactionState, number>
  readonly pending: Map<Transaction, Pending>
}

type Pending = { readonly timer: NodeJS.Timeout; readonly onDebit: () => void }

export function createBook(options: BookOptions): Book {
  const ledger = emptyLedger(options.balance)
  const arm = (transaction: Transaction, onDebit: () => void) => {
    if (!transaction.settlement) return
    const afterMs = Math.max(0, transaction.settlement.at - Date.now())
    const timer = setTimeout(() => settle(ledger, options, transaction), afterMs).unref()
    ledger.pending.set(transaction, { timer, onDebit })
  }
  return {
    balance: () => ledger.balance,
    setBalance: (balance) => {
      ledger.balance = balance
      options.onChange()
    },
    maxLoanAmount: options.maxLoanAmount,
    find: (token) => {
      const found = ledger.byToken.get(token)
      // A timer may be late under load; a later request must see the sale settled.
      if (found?.settlement && found.settlement.at <= Date.now()) settle(ledger, options, found)
      return found
    },
    record: (request, outcome, onDebit) => {
      const transaction = enter(ledger, options, request, outcome, onDebit)
      arm(transaction, onDebit)
      options.onChange(transaction)
      return transaction
    },
    transactions: () => ledger.byToken.values(),
    totals: () => totalsOf(ledger),
    load: (saved) => {
      clear(ledger, saved.balance)
      for (const transaction of saved.transactions) {
        restore(ledger, transaction)
        arm(transaction, () => undefined)
      }
    },
    reset: (balance) => {
      clear(ledger, balance)
      options.onChange()
    },
    close: () => {
      for (const { timer } of ledger.pending.values()) clearTimeout(timer)
    },
  }
}

function enter(
  ledger: Ledger,
  options: BookOptions,
  request: SaleRequest,
  outcome: Outcome,
  onDebit: () => void,
): Transaction {
  ledger.serial += 1
  const settlesTo = outcome.settlesTo
  const transaction: Transaction = {
    request,
    serial: ledger.serial,
    state: outcome.state,
    debits: 0,
    postStatus: outcome.postStatus,
    settlement: settlesTo && { state: settlesTo.state, at: Date.now() + settlesTo.afterMs },
  }
  if (outcome.state === 'authorized') transaction.state = debit(ledger, options, transaction)
  if (transaction.debits > 0) onDebit()
  ledger.byToken.set(request.idempotency_token, transaction)
  ledger.inState[transaction.state] += 1
  forgetOldest(ledger, options.maxTransactions)
  return transaction
}

/** Takes the money if balance and loan allow it; an exhausted merchant is rejected. */
function debit(ledger: Ledger, options: BookOptions, transaction: Transaction): FinalState {
  const { amount } = transaction.request
  if (ledger.balance + options.maxLoanAmount < amount) return 'rejected'
  ledger.balance -= amount
  ledger.debits += 1
  ledger.debitedAmount += amount
  transaction.debits += 1
  return 'authorized'
}

function settle(ledger: Ledger, options: BookOptions, transaction: Transaction): void {
  const onDebit = disarm(ledger, transaction)
  if (!transaction.settlement) return
  ledger.inState[transaction.state] -= 1
  transaction.state =
    transaction.settlement.state === 'authorized' ? debit(ledger, options, transaction) : 'rejected'
  transaction.settlement = undefined
  ledger.inState[transaction.state] += 1
  if (transaction.debits > 0) onDebit?.()
  options.onChange(transaction)
}

function disarm(ledger: Ledger, transaction: Transaction): (() => void) | undefined {
  const pending = ledger.pending.get(transaction)
  if (!pending) return undefined
  clearTimeout(pending.timer)
  ledger.pending.delete(transaction)
  return pending.onDebit
}

function restore(ledger: Ledger, transaction: Transaction): void {
  ledger.byToken.set(transaction.request.idempotency_token, transaction)
  ledger.inState[transaction.state] += 1
  ledger.debits += transaction.debits
  ledger.debitedAmount += transaction.debits * transaction.request.amount
}

function forgetOldest(ledger: Ledger, maxTransactions: number): void {
  if (ledger.byToken.size <= maxTransactions) return
  for (const [token, oldest] of ledger.byToken) {
    disarm(ledger, oldest)
    ledger.byToken.delete(token)
    ledger.inState[oldest.state] -= 1
    ledger.forgotten += 1
    return
  }
}

function totalsOf(ledger: Ledger): Totals {
  const { authorized, rejected } = ledger.inState
  const transactions = ledger.byToken.size
  const { debits, debitedAmount, forgotten } = ledger
  const unsettled = transactions - authorized - rejected
  return { transactions, authorized, rejected, unsettled, debits, debitedAmount, forgotten }
}

function emptyLedger(balance: number): Ledger {
  return {
    balance,
    // Starting at the clock keeps serials unique over restarts without storing a counter.
    serial: Date.now() * 1000,
    debits: 0,
    debitedAmount: 0,
    forgotten: 0,
    byToken: new Map(),
    inState: { authorized: 0, rejected: 0, in_progress: 0, unknown: 0, created: 0 },
    pending: new Map(),
  }
}

function clear(ledger: Ledger, balance: number): void {
  for (const { timer } of ledger.pending.values()) clearTimeout(timer)
  ledger.pending.clear()
  ledger.byToken.clear()
  const { serial } = ledger
  Object.assign(ledger, { balance, serial, debits: 0, debitedAmount: 0, forgotten: 0 })
  Object.assign(ledger.inState, emptyLedger(0).inState)
}
