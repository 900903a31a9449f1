import { isGuarded, noBalances } from '../accounting/entities.ts'
import { isHeld } from '../accounting/held-guards.ts'
import { heldOf, sameBalances, show } from './add-up.ts'
import { note, noFindings, type FindingCode, type Findings } from './findings.ts'
import { countCodes, type BirthBlock, type CountedKind, type LogRecords } from './log-records.ts'
import { startReplay, usualMemory, type Replay } from './replay.ts'
import { walkPartition, type Walked } from './walk-partition.ts'

/** One partition to prove, from where its replay stands. */
export type PartitionTask = {
  readonly partition: number
  readonly replay: Replay
  /** The birth that every partition must name. */
  readonly birth: BirthBlock | null
}
export type PartitionProof = {
  readonly walked: Walked
  /** Findings about the end of the walk; its own are in the replay. */
  readonly findings: Findings
}
/** @param onReplayed called now and then, and at the end */
export type ProvePartition = (
  task: PartitionTask,
  onReplayed: (walked: Walked) => void,
) => Promise<PartitionProof>

/** Proves partitions of these records in this thread. */
export const partitionProver =
  (records: LogRecords): ProvePartition =>
  async ({ replay, birth }, onReplayed) => {
    const findings = noFindings()
    const walked = await walkPartition(records, replay, { birth, findings, onReplayed })
    checkHolds(walked.replay, findings)
    checkCounts(walked, findings)
    return { walked: forgotten(walked), findings }
  }

/** A partition that is proven needs its numbers and findings, and the state that a checkpoint keeps. */
const forgotten = ({ replay, compared, counts }: Walked): Walked => ({
  replay: replay === compared ? replay : numbersOf(replay),
  compared,
  counts,
})

/** A replay without the state that only a later block or a checkpoint needs. */
export const numbersOf = (replay: Replay): Replay => {
  const { state, sums, changedAt } = startReplay(replay.partition, usualMemory)
  return { ...replay, state, changedAt, sums: { ...sums, lines: replay.sums.lines } }
}

const checkHolds = ({ partition, state, sums, tip }: Replay, findings: Findings): void => {
  const position = tip?.position ?? null
  const find = (code: FindingCode, entry: string, detail: string) =>
    note(findings, { code, partition, position, entry, detail })
  for (const id of sums.holds.keys()) {
    const sale = state.topups.get(id)
    if (sale === undefined || !isHeld(sale))
      find('HOLD', id, 'is reserved, its sale says otherwise')
  }
  for (const sale of state.topups.values()) {
    if (isHeld(sale) && !sums.holds.has(sale.id)) {
      find('HOLD', sale.id, 'says it is held, nothing is reserved')
    }
  }
  const held = heldOf(sums.holds)
  for (const account of state.accounts.values()) {
    const holds = held.get(account.id) ?? noBalances
    if (holds.reserved !== account.reserved || holds.incoming !== account.incoming) {
      find('HOLD', account.id, `${show(account)}, its holds add up to ${show(holds)}`)
    }
    const added = sums.balances.get(account.id) ?? noBalances
    if (!sameBalances(added, account)) {
      find('ACCOUNT', account.id, `${show(account)} replayed, ${show(added)} added up`)
    }
    if (isGuarded(account.kind) && account.posted < account.reserved) {
      find('OVERDRAWN', account.id, show(account))
    }
  }
}

/** Every document of the log has been compared: one more does not come from the log. */
const checkCounts = ({ replay, counts }: Walked, findings: Findings): void => {
  const { accounts, merchants, cajas } = replay.state
  const given = (sequence: 'session' | 'topup' | 'injection') =>
    [...merchants.values()].reduce((sum, { sequences }) => sum + sequences[sequence], 0)
  const made: Readonly<Record<CountedKind, number>> = {
    accounts: accounts.size,
    merchants: merchants.size,
    cajas: cajas.size,
    sessions: given('session'),
    sales: given('topup'),
    'statement lines': replay.made.statementLines,
    injections: given('injection'),
    cases: replay.made.cases,
  }
  for (const [kind, stored] of counts) {
    if (stored <= made[kind]) continue
    const detail = `${stored} ${kind} are stored, the log made ${made[kind]}`
    const { partition } = replay
    note(findings, { code: countCodes[kind], partition, position: null, entry: null, detail })
  }
}
