import { setTimeout as pause } from 'node:timers/promises'
import { onTills, times } from '../runner/load.ts'
import { progress } from '../runner/report.ts'
import { secondsSince } from '../runner/statistics.ts'
import { quiet, type System } from '../runner/system.ts'
import {
  answerBy,
  answerWell,
  readTransactions,
  scenarioNames,
  type CarrierScenario,
} from '../till/carrier-control.ts'
import type { Pos } from '../till/pos.ts'
import { newNumber, openShop, type Shop } from '../till/shop.ts'
import { experiment } from '../runner/experiment.ts'

/** Short times, so that a thousand schedules end within a minute. */
const hurried = {
  TPAGA_CONNECT_TIMEOUT_MS: '400',
  TPAGA_CALL_TIMEOUT_MS: '500',
  LEASE_MS: '2000',
  CLOCK_SKEW_MS: '200',
  TOPUP_REPEAT_SECONDS: '1,3,6,10,15',
  // A carrier that fails on purpose half of the time must not stop the sales that are measured.
  BREAKER_ERROR_PERCENT: '99',
  BREAKER_RESET_MS: '500',
}
const connections = 32
const settleTimeoutMs = 120_000
const lookEveryMs = 100
const refusedPauseMs = 300

export const carrier = experiment({
  description:
    'sales over a carrier that hangs after its effect, and over one that answers at random',
  env: { ...quiet, adapter: { ...quiet.adapter, ...hurried } },
  load: async (system, { sales }) => {
    const { sandbox } = system.urls
    const silent = { scenario: 'effect-then-hang', probability: 0.2, delayMs: 5_000 }
    const random = (await scenarioNames(sandbox)).map((scenario) => ({
      scenario,
      probability: 0.02,
      delayMs: 600,
    }))
    return {
      'one in five debited and silent': await sellThrough(system, [silent], sales),
      'answers at random': await sellThrough(system, random, sales),
    }
  },
  judge: (runs, _, { sales }) => {
    const every = Object.values(runs)
    return {
      runs,
      bounds: {
        'every sale is in the history': every.every((run) => run.sales === sales),
        'every sale ends': every.every(({ unsettled }) => unsettled === 0),
        'no sale is debited twice': every.every(({ debitedTwice }) => debitedTwice === 0),
        'no sale is released wrongly': every.every(({ releasedWrongly }) => releasedWrongly === 0),
        'no sale is invented': every.every(({ invented }) => invented === 0),
        'no case is opened without a cause': every.every(
          ({ casesForNothing }) => casesForNothing === 0,
        ),
        'the float is never below zero': every.every(({ overdrawn }) => !overdrawn),
      },
    }
  },
})

/** Sells on one float while the carrier answers by these scenarios, waits for the end and judges every single sale. */
const sellThrough = async (
  { gateway, urls: { sandbox } }: System,
  scenarios: readonly CarrierScenario[],
  sales: number,
) => {
  const startedAt = performance.now()
  const shop = await openShop(gateway, { cash: 100_000, float: 50_000 })
  await answerWell(sandbox)
  for (const scenario of scenarios) await answerBy(sandbox, scenario)
  let overdrawn = false
  const watch = setInterval(() => {
    void shop.float().then(
      ({ available }) => (overdrawn ||= Number(available) < 0),
      () => undefined,
    )
  }, 1_000)
  try {
    await sellAll(shop, sales)
    await answerWell(sandbox)
    const rows = await settledHistoryOf(shop)
    const seconds = secondsSince(startedAt)
    const transactions = await readTransactions(sandbox)
    const debits: Debits = new Map(transactions.map(({ token, debits: count }) => [token, count]))
    const cases = await casesOf(shop.administrator, debits)
    return { ...outcomesOf(rows, debits), ...cases, overdrawn, seconds }
  } finally {
    clearInterval(watch)
  }
}

const sellAll = async (shop: Shop, sales: number): Promise<void> => {
  let done = 0
  await onTills(connections, times(sales), async () => {
    const { status } = await shop.sell(newNumber(), 1, { prefer: 'wait=1' })
    // Pause of a cashier after "try later".
    if (status === 503) await pause(refusedPauseMs)
    done += 1
    progress(`sold: ${done}/${sales}`)
  })
}

/** The history once every sale has ended. Sales still open after the time limit are returned too, to be counted. */
const settledHistoryOf = async (shop: Shop): Promise<readonly Row[]> => {
  const deadline = performance.now() + settleTimeoutMs
  for (;;) {
    const rows = await historyOf(shop.administrator, shop.sessionId)
    const isSettled = rows.every(({ estado }) => estado !== 'PENDIENTE')
    if (isSettled || performance.now() > deadline) return rows
    await pause(lookEveryMs)
  }
}

type Row = { readonly id: number; readonly estado: string; readonly id_transaccion: string }

const historyOf = async (pos: Pos, sessionId: number): Promise<readonly Row[]> => {
  const rows: Row[] = []
  let cursor = ''
  for (;;) {
    const { list } = await pos.get(
      `/recargas/historial/clientes?limit=500&id_caja_sesion=${sessionId}${cursor}`,
    )
    rows.push(...(list as unknown as Row[]))
    const last = rows.at(-1)
    if (list.length < 500 || last === undefined) return rows
    cursor = `&cursor=${last.id}`
  }
}

/** By token, as the carrier counts them. */
type Debits = ReadonlyMap<string, number>

type Case = { readonly recarga: Row | null }

/** A case has a cause where the carrier debited its sale and the ledger shows it as sold. */
const casesOf = async (pos: Pos, debits: Debits) => {
  const { list } = await pos.get('/incidencias')
  const isLateTruth = ({ recarga }: Case) =>
    recarga?.estado === 'AUTORIZADA' && (debits.get(recarga.id_transaccion) ?? 0) > 0
  const cases = list as unknown as readonly Case[]
  return { cases: cases.length, casesForNothing: cases.filter((each) => !isLateTruth(each)).length }
}

const outcomesOf = (rows: readonly Row[], debits: Debits) => {
  const count = (holds: (row: Row, debited: number) => boolean) =>
    rows.filter((row) => holds(row, debits.get(row.id_transaccion) ?? 0)).length
  return {
    sales: rows.length,
    authorized: count(({ estado }) => estado === 'AUTORIZADA'),
    rejected: count(({ estado }) => estado === 'RECHAZADA'),
    inReview: count(({ estado }) => estado === 'EN_REVISION'),
    /** Still open after the schedule's end. */
    unsettled: count(({ estado }) => estado === 'PENDIENTE'),
    debitedTwice: count((_, debited) => debited > 1),
    releasedWrongly: count(({ estado }, debited) => estado === 'RECHAZADA' && debited > 0),
    invented: count(({ estado }, debited) => estado === 'AUTORIZADA' && debited === 0),
  }
}
