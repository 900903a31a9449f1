import type { CarrierTransaction } from '../till/carrier-control.ts'
import { isAccepting, type Facts, type SaleFacts, type StoredTopup } from './facts.ts'
import { answerFindings, effectFindings, readFindings } from './oracle-answers.ts'
import { compareAtCut, foldBlock, sumProblems, type Folded } from './oracle-balances.ts'
import { checks, finding, type Check, type Finding, type Topups } from './oracle-findings.ts'
import {
  behind,
  logProblems,
  newestPositions,
  rebuildProblems,
  repeatedProblems,
  topupsOf,
} from './oracle-log.ts'

export type Verdict = {
  /** Sales accepted for a till (201 or 202), by their end. */
  readonly sales: {
    readonly accepted: number
    readonly committed: number
    readonly released: number
    readonly inReview: number
  }
  readonly counts: Readonly<Record<Check, number>>
  readonly findings: readonly Finding[]
}

/** Judges a run by its outside facts. Pure, and written without the services' code. */
export const judge = (facts: Facts): Verdict => {
  const stored = topupsOf(facts.blocks)
  const entries = facts.blocks.flatMap((block) => block.entries)
  const topups = new Map(stored.map((topup) => [topup.id, topup]))
  const transactions = new Map(facts.transactions.map((each) => [each.token, each]))
  const corrected = new Set(
    entries.flatMap(({ kind, topupId }) => (kind === 'correct' && topupId ? [topupId] : [])),
  )
  const findings = [
    ...acceptedFindings(facts.sales, topups),
    ...facts.sales.flatMap((sale) => answerFindings(sale, topups, corrected)),
    ...facts.sales.flatMap(readFindings),
    ...effectFindings(facts.sales, stored),
    ...carrierFindings(facts.transactions, topups),
    ...debitFindings(facts),
    ...committedFindings(stored, transactions),
    ...releaseFindings(stored, facts.calls, transactions),
    ...stored.flatMap(({ id, state }) =>
      isEnded(state) ? [] : finding('unsettled', `${id} is ${state}`),
    ),
    ...behind(newestPositions(facts.blocks), facts.projections.positions).flatMap((detail) =>
      finding('unsettled', detail),
    ),
    ...bookProblems(facts).flatMap((detail) => finding('imbalance', detail)),
    ...messageFindings(facts),
  ]
  const counts = Object.fromEntries(
    checks.map((check) => [check, findings.filter((each) => each.check === check).length]),
  ) as Record<Check, number>
  return { sales: salesOf(facts.sales, topups), counts, findings }
}

const isEnded = (state: string): boolean =>
  state === 'committed' || state === 'released' || state === 'in-review'

const acceptedId = ({ presses }: SaleFacts): string | null =>
  presses.find(isAccepting)?.topupId ?? null

const salesOf = (sales: readonly SaleFacts[], topups: Topups): Verdict['sales'] => {
  const states = sales.flatMap((sale) => {
    const id = acceptedId(sale)
    return id === null ? [] : [topups.get(id)?.state ?? 'lost']
  })
  const inState = (state: string) => states.filter((each) => each === state).length
  return {
    accepted: states.length,
    committed: inState('committed'),
    released: inState('released'),
    inReview: inState('in-review'),
  }
}

const acceptedFindings = (sales: readonly SaleFacts[], topups: Topups) =>
  sales.flatMap((sale) => {
    const id = acceptedId(sale)
    if (!sale.presses.some(isAccepting)) return []
    if (id === null) return finding('wrongAnswers', `${sale.number}: accepted without an id`)
    const topup = topups.get(id)
    if (topup === undefined)
      return finding('lost', `${id} was accepted and is missing in the ledger`)
    return topup.phone === sale.number ? [] : finding('lost', `${id} is of another number`)
  })

const carrierFindings = (transactions: readonly CarrierTransaction[], topups: Topups) =>
  transactions.flatMap(({ token, debits, amount, number }) => {
    const topup = topups.get(token)
    if (topup === undefined) return finding('lost', `the carrier has ${token}, the ledger has not`)
    if (topup.carrierAmount !== amount || topup.phone !== number) {
      return finding('lost', `${token} is another sale at the carrier`)
    }
    return debits > 0 && topup.state === 'released'
      ? finding('wrongReleases', `${token} was debited and released`)
      : []
  })

const debitFindings = ({ transactions, calls }: Facts) => {
  const twice = transactions.filter(({ debits }) => debits > 1).map(({ token }) => token)
  const debitingCalls = countBy(calls.filter(({ debited }) => debited).map(({ token }) => token))
  const byNumber = countBy(
    transactions.filter(({ debits }) => debits > 0).map(({ number }) => number),
  )
  const many = [...debitingCalls, ...byNumber].flatMap(([of, count]) => (count > 1 ? [of] : []))
  return [...new Set([...twice, ...many])].flatMap((of) =>
    finding('debitedTwice', `${of ?? ''} was debited more than once`),
  )
}

const countBy = <Key>(keys: readonly Key[]): ReadonlyMap<Key, number> => {
  const counts = new Map<Key, number>()
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

const committedFindings = (
  topups: readonly StoredTopup[],
  transactions: ReadonlyMap<string, CarrierTransaction>,
) =>
  topups.flatMap(({ id, state }) =>
    state === 'committed' && transactions.get(id)?.debits !== 1
      ? finding('lost', `${id} is committed, and the carrier did not debit it`)
      : [],
  )

/** Statuses by which the carrier states that nothing was done and nothing will be. */
const notExecuted: ReadonlySet<number | string> = new Set([
  302, 400, 401, 403, 404, 405, 415, 422, 429,
])

/** A sale is released only on the carrier's clear refusal, or where no call that could have sold it arrived. */
const releaseFindings = (
  topups: readonly StoredTopup[],
  calls: Facts['calls'],
  transactions: ReadonlyMap<string, CarrierTransaction>,
) => {
  const callsOf = new Map<string, Facts['calls'][number][]>()
  for (const call of calls) {
    if (call.token === null) continue
    const known = callsOf.get(call.token)
    if (known === undefined) callsOf.set(call.token, [call])
    else known.push(call)
  }
  return topups.flatMap(({ id, state, releaseReason }) => {
    if (state !== 'released') return []
    const made = callsOf.get(id) ?? []
    const isRejected =
      transactions.get(id)?.state === 'rejected' &&
      made.some(({ status }) => typeof status === 'number')
    const isEvident =
      releaseReason === 'CARRIER_REJECTED'
        ? isRejected
        : made.every(({ status }) => notExecuted.has(status))
    if (isEvident) return []
    const seen = made.map(({ status }) => status).join(', ')
    return finding(
      'wrongReleases',
      `${id} was released as ${releaseReason ?? '?'} on calls that ended: ${seen}`,
    )
  })
}

/** All faults of the books: during the run, in the log, and between the log and its projections. */
const bookProblems = ({ blocks, projections, samples }: Facts): string[] => {
  const folded: Folded = new Map()
  const { accounts, positions } = projections
  return [
    ...logProblems(blocks),
    ...repeatedProblems(blocks),
    ...blocks.flatMap((block) => foldBlock(folded, block)),
    ...compareAtCut(folded, accounts, positions),
    ...sumProblems(accounts),
    ...rebuildProblems(blocks, projections),
    ...samples.problems.map((problem) => `during the run: ${problem}`),
  ]
}

const messageFindings = ({ sent, deadLetters, crashes }: Facts) => [
  ...sent.flatMap(({ kind, id, isAccountedFor }) => {
    if (isAccountedFor) return []
    return kind === 'command'
      ? finding('lost', `command ${id} was confirmed and never carried out`)
      : finding('disorder', `poison ${id} was not quarantined with its cause`)
  }),
  ...deadLetters.flatMap((detail) => finding('disorder', `dead letter: ${detail}`)),
  ...crashes.flatMap((detail) => finding('disorder', `ended by itself: ${detail}`)),
]
