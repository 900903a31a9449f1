import { isGuarded } from '../accounting/entities.ts'
import { isHeld } from '../accounting/held-guards.ts'
import { heldOf, sameBalances, show, zero } from './add-up.ts'
import { note, noFindings, type Finding, type FindingCode, type Findings } from './findings.ts'
import type { CountedKind, LogRecords } from './log-records.ts'
import { positionOf, startReplay, type Memory, type Replay } from './replay.ts'
import { walkPartition, type Walked } from './walk-partition.ts'

export type LogProof = {
  readonly entries: number
  readonly lines: number
  /** Sales that became final. */
  readonly commits: number
  /** Refusals by time: lateness depends on a clock and cannot be replayed. */
  readonly expired: number
  readonly findings: readonly Finding[]
  /** All of them, also where the list was cut. */
  readonly found: number
  readonly seconds: number
  /** Counts this run's lines, without those that a checkpoint had proven. */
  readonly linesPerSecond: number
}

export type VerifyOptions = {
  /** The replays that an earlier run ended with. */
  readonly replays?: readonly Replay[]
  /** Now and then: the replays that a later run could go on from, and the numbers so far. */
  readonly onProgress?: (replays: readonly Replay[], done: Done) => void
  /** At the end, with all that a later run may go on from. */
  readonly onProven?: (replays: readonly Replay[]) => void
}
export type Done = { readonly blocks: number; readonly lines: number }

const usualMemory: Memory = { guardsKeptMs: 120_000 }

/**
 * Proves every partition: walks its blocks from the birth, applies their operations again with the writer's own `apply`, and
 * compares every projected document with the state at its own position. No finding means that the blocks explain it all.
 * Writes nothing, and needs no quiet ledger.
 */
export const verifyLog = async (
  records: LogRecords,
  options: VerifyOptions = {},
): Promise<LogProof> => {
  const startedAt = performance.now()
  const findings = noFindings()
  const { birth, partitions, strays, doubled } = await records.inspect()
  for (const { id, detail } of strays) {
    note(findings, { code: 'DATABASE', partition: null, position: null, entry: id, detail })
  }
  for (const { partition, position } of doubled) {
    const detail = 'the block is there twice'
    note(findings, { code: 'BLOCK', partition, position, entry: null, detail })
  }
  const walks: Walked[] = Array.from({ length: partitions }, (_, partition) => {
    const replay = options.replays?.[partition] ?? startReplay(partition, usualMemory)
    return { replay, compared: replay, counts: new Map() }
  })
  const linesBefore = linesOf(walks)
  for (const partition of walks.keys()) {
    const { replay } = walks[partition] ?? { replay: startReplay(partition, usualMemory) }
    const walked = await walkPartition(records, replay, {
      birth,
      findings,
      onReplayed: (latest) => {
        walks[partition] = latest
        options.onProgress?.(comparedOf(walks), {
          blocks: sum(walks, ({ replay: each }) => positionOf(each) + 1),
          lines: linesOf(walks) - linesBefore,
        })
      },
    })
    checkHolds(walked.replay, findings)
    checkCounts(walked, findings)
    walks[partition] = forgotten(walked)
  }
  options.onProven?.(comparedOf(walks))
  // Causes come first: their consequences are found at the end of a walk.
  const all = [...walks.map(({ replay }) => replay.findings), findings]
  const lines = linesOf(walks)
  const seconds = (performance.now() - startedAt) / 1_000
  return {
    entries: sum(walks, ({ replay }) => replay.entries),
    lines,
    commits: sum(walks, ({ replay }) => replay.commits),
    expired: sum(walks, ({ replay }) => replay.expired),
    findings: all.flatMap(({ kept }) => kept),
    found: sum(all, ({ count }) => count),
    seconds,
    linesPerSecond: Math.round((lines - linesBefore) / seconds),
  }
}

const comparedOf = (walks: readonly Walked[]): readonly Replay[] =>
  walks.map(({ compared }) => compared)
const linesOf = (walks: readonly Walked[]): number => sum(walks, ({ replay }) => replay.sums.lines)
const sum = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((total, item) => total + of(item), 0)

/** A partition that is proven needs its numbers and findings, and the state that a checkpoint keeps. */
const forgotten = ({ replay, compared, counts }: Walked): Walked => {
  if (replay === compared) return { replay, compared, counts }
  const { state, sums, changedAt } = startReplay(replay.partition, usualMemory)
  return {
    replay: { ...replay, state, changedAt, sums: { ...sums, lines: replay.sums.lines } },
    compared,
    counts,
  }
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
    const holds = held.get(account.id) ?? zero
    if (holds.reserved !== account.reserved || holds.incoming !== account.incoming) {
      find('HOLD', account.id, `${show(account)}, its holds add up to ${show(holds)}`)
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

const countCodes: Readonly<Record<CountedKind, FindingCode>> = {
  accounts: 'ACCOUNT',
  merchants: 'MERCHANT',
  cajas: 'CAJA',
  sessions: 'SESSION',
  sales: 'SALE',
  'statement lines': 'STATEMENT',
  injections: 'INJECTION',
  cases: 'CASE',
}

/** Every document of the log has been compared: one more does not come from the log. */
const checkCounts = ({ replay, counts }: Walked, findings: Findings): void => {
  const { accounts, merchants, cajas } = replay.state
  const given = (sequence: 'session' | 'topup' | 'injection') =>
    sum([...merchants.values()], ({ sequences }) => sequences[sequence])
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
