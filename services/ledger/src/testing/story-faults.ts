import { isGuarded, noBalances, type Balances } from '../accounting/entities.ts'
import { topupGuardKey } from '../accounting/held-guards.ts'
import type { InboundOperation } from '../log/inbound-operation.ts'
import { countFaults, shiftFaults } from './drawer-truth.ts'
import type { simulatedCarrier } from './simulated-carrier.ts'
import type { SimulatedLedger } from './simulated-story.ts'

type Played = {
  readonly ledger: Pick<SimulatedLedger<never>, 'held' | 'journal' | 'everything'>
  readonly carrier: ReturnType<typeof simulatedCarrier>
  readonly queue: readonly InboundOperation[]
}

/** The rules that a story broke: books against the carrier's truth, line by line. */
export const storyFaults = ({ ledger, carrier, queue }: Played): string[] => {
  const journal = ledger.journal()
  const faults: string[] = []
  const must = (isSo: boolean, fault: string) => {
    if (!isSo) faults.push(fault)
  }
  must(queue.length === 0, 'messages are left')
  must(ledger.held().length === 0, 'sales are still held')
  // Folds the journal line by line: the accounts must hold its sums.
  const folded = new Map<string, Balances>()
  const ends = new Map<string, string>()
  const held = new Map<string, Set<string>>()
  journal.forEach(({ seq, entry }, index) => {
    must(seq === index + 1, `a gap before ${seq}`)
    must(entry.lines.reduce((sum, { posted }) => sum + posted, 0) === 0, `${seq} does not balance`)
    for (const line of entry.lines) {
      const before = folded.get(line.account) ?? noBalances
      const after = {
        posted: before.posted + line.posted,
        reserved: before.reserved + line.reserved,
        incoming: before.incoming + line.incoming,
      }
      folded.set(line.account, after)
      must(JSON.stringify(after) === JSON.stringify(line.after), `${seq} has other balances`)
      const kind = ledger.everything.accounts.get(line.account)?.kind
      must(kind === undefined || !isGuarded(kind) || after.posted >= after.reserved, 'overdrawn')
    }
    const topup = ledger.everything.topups.get(entry.topupId ?? '')
    if (topup !== undefined && entry.lines.length > 0) {
      const key = topupGuardKey(topup)
      const open = held.get(key) ?? new Set()
      held.set(key, open)
      if (entry.kind === 'reserve') {
        const isAllowed = topup.confirmDuplicate || open.size === 0
        must(isAllowed, `${topup.id} is sold while ${[...open].join()} has no outcome`)
        open.add(topup.id)
      } else open.delete(topup.id)
    }
    if (entry.resolves === null) return
    must(!ends.has(entry.resolves), `${entry.resolves} ends twice`)
    ends.set(entry.resolves, entry.kind)
  })
  const outcomes = new Map<string, string[]>()
  const expired = new Map<string, number>()
  for (const { entry, operation, outcome } of journal) {
    const { data } = JSON.parse(operation) as {
      readonly data: { readonly operationId?: string; readonly acceptUntil?: string }
    }
    if (data.operationId === undefined) continue
    must(entry.id.startsWith(data.operationId), `${entry.id} is another operation's`)
    const { code = 'sold' } = JSON.parse(outcome) as { readonly code?: string }
    const acceptUntil = Date.parse(data.acceptUntil ?? '')
    const refusedUntil = expired.get(data.operationId) ?? 0
    if (code === 'EXPIRED') {
      expired.set(data.operationId, Math.max(refusedUntil, acceptUntil))
      continue
    }
    must(acceptUntil > refusedUntil, `${entry.id} was refused by time before`)
    outcomes.set(data.operationId, [...(outcomes.get(data.operationId) ?? []), code])
  }
  for (const [id, [first, ...others]] of outcomes) {
    must(others.length <= (first === 'DUPLICATE_SUSPECTED' ? 1 : 0), `${id} has another outcome`)
  }
  for (const [id, { posted, reserved, incoming }] of ledger.everything.accounts) {
    const fold = folded.get(id) ?? { posted: 0, reserved: 0, incoming: 0 }
    must(fold.posted === posted && fold.reserved === reserved, `${id} is not its journal`)
    must(reserved === 0 && incoming === 0, `${id} still holds something`)
  }
  for (const { id, state } of ledger.everything.topups.values()) {
    const truth = carrier.truthOf(id)
    const isDebited = truth === 'authorized' || truth === 'later-authorized'
    must((state === 'committed') === isDebited, `${id} is ${state}, the carrier says ${truth}`)
  }
  const answered = journal.map(({ entry, outcome }) => ({
    entry,
    outcome: JSON.parse(outcome) as unknown,
  }))
  faults.push(...countFaults(answered))
  faults.push(...shiftFaults(answered, [...ledger.everything.sessions.values()]))
  return faults
}
