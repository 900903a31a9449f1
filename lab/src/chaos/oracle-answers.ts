import type { Press, ReadBack, SaleFacts, StoredTopup } from './facts.ts'
import { finding, type Finding, type Topups } from './oracle-findings.ts'

/** Final answers, grouped by the state that the ledger must then hold. */
const releaseCodes: ReadonlySet<string> = new Set([
  'CARRIER_REJECTED',
  'CARRIER_INVALID',
  'CARRIER_UNAVAILABLE',
  'CARRIER_MISCONFIGURED',
])
const openCodes: ReadonlySet<string> = new Set(['NOT_ACCEPTED', 'NOT_READY', 'OUTCOME_UNKNOWN'])

type Answer = 'committed' | 'released' | 'pending' | 'nothing' | 'not-accepted' | 'unexpected'

const answerOf = ({ kind, status, code }: Press): Answer => {
  if (kind === 'not-connected') return 'not-accepted'
  if (kind === 'cut') return 'nothing'
  if (status === 201) return 'committed'
  if (status === 202) return 'pending'
  if (code !== null && releaseCodes.has(code)) return 'released'
  // The rate limit refuses a press before it has any effect.
  if (status === 429) return 'not-accepted'
  if (code !== null && openCodes.has(code)) {
    return code === 'NOT_ACCEPTED' ? 'not-accepted' : 'nothing'
  }
  return 'unexpected'
}

export const answerFindings = (sale: SaleFacts, topups: Topups, corrected: ReadonlySet<string>) => {
  const findings: Finding[] = []
  const wrong = (detail: string) =>
    findings.push(...finding('wrongAnswers', `${sale.number}: ${detail}`))
  const ids = new Set(sale.presses.flatMap(({ topupId }) => topupId ?? []))
  if (ids.size > 1) wrong(`one key, ${ids.size} sales: ${[...ids].join(', ')}`)
  let final: Answer | null = null
  for (const press of sale.presses) {
    const answer = answerOf(press)
    if (answer === 'unexpected') wrong(`answered ${press.status} ${press.code ?? ''}`)
    if (answer !== 'committed' && answer !== 'released') {
      if (final === null || answer !== 'pending') continue
      wrong(`answered 202 after ${final}`)
      continue
    }
    const topup = press.topupId === null ? undefined : topups.get(press.topupId)
    // A refusal may carry no sale's id.
    const isCorrected = topup !== undefined && corrected.has(topup.id)
    if (final !== null && final !== answer && !isCorrected) wrong(`first ${final}, then ${answer}`)
    final = answer
    if (answer === 'committed' && topup?.state !== 'committed') {
      const state = topup?.state ?? 'missing'
      findings.push(...finding('lost', `${sale.number}: answered 201, and is ${state}`))
    }
    if (
      answer === 'released' &&
      topup !== undefined &&
      topup.state !== 'released' &&
      !isCorrected
    ) {
      wrong(`answered ${press.code ?? ''}, and is ${topup.state}`)
    }
  }
  return findings
}

/** At every instance a read after an answer finds the sale, in the answered state or a later one. */
export const readFindings = ({ number, reads }: SaleFacts) =>
  reads
    .filter(isStale)
    .flatMap(({ answered, status, state }) =>
      finding(
        'wrongAnswers',
        `${number}: answered ${answered ?? '?'}, then read ${status} ${state ?? ''}`,
      ),
    )

const isStale = ({ status, state, answered }: ReadBack): boolean => {
  if (status === 404) return true
  return status === 200 && state === 'PENDIENTE' && answered !== 'PENDIENTE'
}

/** One key makes one sale at most, and none where every press was refused. */
export const effectFindings = (sales: readonly SaleFacts[], topups: readonly StoredTopup[]) => {
  const byPhone = new Map<string, number>()
  for (const { phone } of topups) byPhone.set(phone, (byPhone.get(phone) ?? 0) + 1)
  return sales.flatMap(({ number, presses }) => {
    const effects = byPhone.get(number) ?? 0
    if (effects > 1) return finding('wrongAnswers', `${number}: one key, ${effects} sales stored`)
    const neverAccepted =
      presses.length > 0 && presses.every((press) => answerOf(press) === 'not-accepted')
    return neverAccepted && effects > 0
      ? finding('wrongAnswers', `${number}: every press was refused, and a sale is stored`)
      : []
  })
}
