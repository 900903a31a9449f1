import { isGuarded } from '../domain/entities.ts'
import { isHeld } from '../domain/held-guards.ts'
import type { Head } from '../writer/ports.ts'
import { heldOf, sameBalances, show, zero } from './add-up.ts'
import { note, type FindingCode, type Findings } from './findings.ts'
import { derivedKinds, type Difference, type LedgerSource } from './ledger-source.ts'
import { codeOf, noteDifferences } from './note-differences.ts'
import type { Replay } from './replay-state.ts'

type Find = (code: FindingCode, entry: string | null, detail: string) => void

/**
 * Compares where a partition's replay ended with what is stored at that instant. What it finds is no part of the
 * replay, which a later run may go on from.
 */
export const checkEnd = async (
  replay: Replay,
  source: LedgerSource,
  head: Head | null,
  findings: Findings,
): Promise<void> => {
  const { partition } = replay
  const find: Find = (code, entry, detail) => note(findings, { code, partition, entry, detail })
  checkHead(replay, head, find)
  checkHolds(replay, find)
  await checkDerived(replay, source, findings)
  await checkCounts(replay, source, find)
}

const checkHead = (replay: Replay, head: Head | null, find: Find): void => {
  if (head === null) {
    if (replay.seq > 0) find('HEAD', null, 'entries, but no head')
    return
  }
  if (head.seq !== replay.seq) {
    find('HEAD', null, `head at entry ${head.seq}, journal at ${replay.seq}`)
  }
  if (head.hash !== replay.hash) find('HEAD', null, 'the head names another hash')
  // Takeovers, verdicts that only kept a sale waiting and refused late requests move these without an entry.
  if (!(head.batch >= replay.batch && head.epoch >= replay.epoch && head.at >= replay.at)) {
    find('HEAD', null, 'the head is older than the last batch')
  }
}

const checkHolds = (replay: Replay, find: Find): void => {
  const { state, sums } = replay
  for (const id of sums.holds.keys()) {
    const topup = state.topups.get(id)
    if (topup === undefined || !isHeld(topup)) {
      find('HOLD', id, 'is reserved, its top-up says otherwise')
    }
  }
  for (const topup of state.topups.values()) {
    if (isHeld(topup) && !sums.holds.has(topup.id)) {
      find('HOLD', topup.id, 'says it is held, nothing is reserved')
    }
  }
  const held = heldOf(sums.holds)
  for (const account of state.accounts.values()) {
    const sum = held.get(account.id) ?? zero
    if (sum.reserved !== account.reserved || sum.incoming !== account.incoming) {
      find('HOLD', account.id, `${show(account)}, its holds add up to ${show(sum)}`)
    }
    const added = sums.balances.get(account.id) ?? zero
    if (!sameBalances(added, account)) {
      find('ACCOUNT', account.id, `${show(account)} replayed, ${show(added)} added up`)
    }
    if (isGuarded(account.kind) && account.posted < account.reserved) {
      find('OVERDRAWN', account.id, show(account))
    }
  }
}

const comparedAtOnceMax = 1_000
/** What verdicts without an entry may change; no balance and no answer follows from it. */
const unjournalled = ['attempts', 'updatedAt', 'progressAt']

const checkDerived = async (
  replay: Replay,
  source: LedgerSource,
  findings: Findings,
): Promise<void> => {
  const { accounts, merchants, cajas, sessions, topups } = replay.state
  const compare = async (expected: Parameters<LedgerSource['differences']>[1]) => {
    const differences = await source.differences(replay.partition, expected)
    noteDifferences(
      findings,
      replay.partition,
      differences.flatMap((difference) => proven(replay, difference)),
    )
  }
  await compare({
    accounts: [...accounts.values()],
    merchants: [...merchants.values()],
    cajas: [...cajas.values()],
    sessions: [...sessions.values()],
  })
  const waiting = [...topups.values()]
  for (let from = 0; from < waiting.length; from += comparedAtOnceMax) {
    await compare({ topups: waiting.slice(from, from + comparedAtOnceMax) })
  }
}

const proven = ({ state }: Replay, difference: Difference): readonly Difference[] => {
  if (difference.kind !== 'topups' || difference.fields.size === 0) return [difference]
  const topup = state.topups.get(difference.id)
  if (topup === undefined || !isHeld(topup)) return [difference]
  const fields = new Map([...difference.fields].filter(([field]) => !unjournalled.includes(field)))
  return fields.size === 0 ? [] : [{ ...difference, fields }]
}

/** Whatever the journal made has been compared; more than that is something it did not make. */
const checkCounts = async (replay: Replay, source: LedgerSource, find: Find): Promise<void> => {
  const { accounts, merchants, cajas } = replay.state
  const given = (sequence: 'session' | 'topup' | 'injection') =>
    [...merchants.values()].reduce((sum, { sequences }) => sum + sequences[sequence], 0)
  const made = {
    accounts: accounts.size,
    merchants: merchants.size,
    cajas: cajas.size,
    sessions: given('session'),
    topups: given('topup'),
    injections: given('injection'),
    cases: replay.cases,
  }
  const stored = await source.counts(replay.partition)
  for (const kind of derivedKinds) {
    if (stored[kind] > made[kind]) {
      const detail = `${stored[kind]} ${kind} are stored, the journal made ${made[kind]}`
      find(codeOf[kind], null, detail)
    }
  }
}
