import { setTimeout as pause } from 'node:timers/promises'
import { answerBy } from '../till/carrier-control.ts'
import type { Answer } from '../till/pos.ts'
import { newNumber, type Shop } from '../till/shop.ts'

/** A sale as its till sees it: pressed again, with the same key, until it has ended. */
export type Sale = {
  readonly number: string
  /** While which services' points it was pressed. */
  readonly during: string
  readonly amount: number
  readonly ended: Promise<Ending>
}
export type Ending = { readonly id: string; readonly state: 'sold' | 'refused' | 'open' }

export type Till = Awaited<ReturnType<typeof openTill>>

const pressPauseMs = 150
const endsWithinMs = 300_000
const slowMs = 1_200
const settlesAfterMs = 300
/** The carrier never answers for it, and it is never sold. */
const unanswerable = '3110002222'

/** Presses sales of one shop, all at once. */
export const openTill = async (shop: Shop, sandbox: string) => {
  const numbers = { slow: newNumber(), 'in-progress': newNumber() }
  await answerBy(sandbox, {
    scenario: 'answer-after',
    delayMs: slowMs,
    match: { number: numbers.slow },
  })
  await answerBy(sandbox, {
    scenario: 'in-progress-then-authorized',
    delayMs: settlesAfterMs,
    match: { number: numbers['in-progress'] },
  })
  const sales: Sale[] = []
  const add = (number: string, during: string): Sale => {
    const amount = 1 + sales.length / 10
    const key = `matrix-${number}-${sales.length}`
    const sale = { number, during, amount, ended: endingOf(shop, { number, amount, key }) }
    // A press that fails is reported where its end is awaited.
    sale.ended.catch(() => undefined)
    sales.push(sale)
    return sale
  }
  return {
    sales,
    press: (kind: 'plain' | 'slow' | 'in-progress' | 'late', during: string) => {
      const isPlain = kind === 'plain' || kind === 'late'
      add(isPlain ? newNumber() : numbers[kind], during)
    },
    pressUnanswerable: (during: string) => add(unanswerable, during),
  }
}

const endingOf = async (
  shop: Shop,
  { number, amount, key }: { number: string; amount: number; key: string },
): Promise<Ending> => {
  const giveUpAt = performance.now() + endsWithinMs
  const headers = { 'idempotency-key': key, prefer: 'wait=3' }
  while (performance.now() < giveUpAt) {
    // A gateway that dies cuts the press off, one that is away refuses it: the cashier presses again.
    const answer = await shop.sell(number, amount, headers).catch(() => null)
    const ending = answer === null ? null : endOf(answer)
    if (ending !== null) return ending
    await pause(pressPauseMs)
  }
  return { id: '', state: 'open' }
}

const endOf = ({ status, body }: Answer): Ending | null => {
  const id = String(body['id_transaccion'])
  if (status === 201) return { id, state: 'sold' }
  if (status === 503 && body['code'] === 'CARRIER_UNAVAILABLE') return { id, state: 'refused' }
  // Pending, or no answer: the next press joins it.
  if (status === 202 || status === 503) return null
  if (body['code'] === 'RESOLVED_AS_REJECTED') return { id, state: 'refused' }
  throw new Error(`${status}: ${JSON.stringify(body)}`)
}
