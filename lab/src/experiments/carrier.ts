import { setTimeout as pause } from 'node:timers/promises'
import { control, readTransactions, scenarioNames } from '../till/carrier-control.ts'
import type { Pos } from '../till/pos.ts'
import { eventually, openShop, type Shop } from '../till/shop.ts'
import type { Stack } from '@recargas/stack/supervisor'

/** The outcome of a run over a faulty carrier, from the ledger's and the carrier's record of every sale. */
export type Judgement = {
  readonly sales: number
  readonly authorized: number
  readonly rejected: number
  readonly inReview: number
  /** Still open after the schedule's end. */
  readonly unsettled: number
  readonly debitedTwice: number
  /** Sales released although the carrier debited them. */
  readonly releasedWrongly: number
  /** Sold although the carrier never debited it. */
  readonly invented: number
  /** Discrepancies that a person is asked to look at. */
  readonly cases: number
  /** Cases about a sale that the carrier debited and the ledger shows as sold, without a late truth. */
  readonly casesForNothing: number
  /** True when the float was ever below zero. */
  readonly overdrawn: boolean
  readonly seconds: number
}

type Scenario = {
  readonly scenario: string
  readonly probability: number
  readonly delayMs?: number
}

/** Every scenario the sandbox knows, each as likely as the others. */
export const everyScenario = async (stack: Stack): Promise<readonly Scenario[]> =>
  (await scenarioNames(stack.urls.sandbox)).map((scenario) => ({
    scenario,
    probability: 0.02,
    delayMs: 600,
  }))

export const oneInFiveSilent: readonly Scenario[] = [
  { scenario: 'effect-then-hang', probability: 0.2, delayMs: 5_000 },
]

const connections = 32
const settleTimeoutMs = 120_000
const refusedPauseMs = 300

/** Sells on one float while the carrier answers by these scenarios, waits for the end and judges every single sale. */
export const sellThrough = async (
  stack: Stack,
  scenarios: readonly Scenario[],
  sales: number,
  onProgress: (sold: number) => void,
): Promise<Judgement> => {
  const startedAt = performance.now()
  const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shop = await openShop(gateway, { cash: 100_000, float: 50_000 })
  await control(stack.urls.sandbox, 'DELETE', '/_scenario')
  for (const scenario of scenarios)
    await control(stack.urls.sandbox, 'POST', '/_scenario', scenario)
  let overdrawn = false
  const watch = setInterval(() => {
    void shop.float().then(
      ({ available }) => (overdrawn ||= Number(available) < 0),
      () => undefined,
    )
  }, 1_000)
  try {
    await sellAll(shop, sales, onProgress)
    await control(stack.urls.sandbox, 'DELETE', '/_scenario')
    const deadline = performance.now() + settleTimeoutMs
    const isOpen = ({ estado }: Row) => estado === 'PENDIENTE'
    const rows = await eventually(
      () => historyOf(shop.administrator, shop.sessionId),
      (found) => !found.some(isOpen) || performance.now() > deadline,
    )
    const seconds = Math.round((performance.now() - startedAt) / 1000)
    const debits = await debitsOf(stack)
    const cases = await casesOf(shop.administrator, debits)
    return { ...judge(rows, debits), ...cases, overdrawn, seconds }
  } finally {
    clearInterval(watch)
  }
}

let lastNumber = 61_000_000

const sellAll = async (
  shop: Shop,
  sales: number,
  onProgress: (sold: number) => void,
): Promise<void> => {
  let started = 0
  let done = 0
  const till = async (): Promise<void> => {
    while (started < sales) {
      started += 1
      lastNumber += 1
      const { status } = await shop.sell(String(lastNumber), 1, { prefer: 'wait=1' })
      // Pause of a cashier after "try later".
      if (status === 503) await pause(refusedPauseMs)
      done += 1
      onProgress(done)
    }
  }
  await Promise.all(Array.from({ length: connections }, till))
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

type Debits = ReadonlyMap<string, number>

const debitsOf = async (stack: Stack): Promise<Debits> =>
  new Map((await readTransactions(stack.urls.sandbox)).map(({ token, debits }) => [token, debits]))

type Case = { readonly recarga: Row | null }

const casesOf = async (pos: Pos, debits: Debits) => {
  const { list } = await pos.get('/incidencias')
  const isLateTruth = ({ recarga }: Case) =>
    recarga?.estado === 'AUTORIZADA' && (debits.get(recarga.id_transaccion) ?? 0) > 0
  const cases = list as unknown as readonly Case[]
  return { cases: cases.length, casesForNothing: cases.filter((each) => !isLateTruth(each)).length }
}

type Outcomes = Omit<Judgement, 'cases' | 'casesForNothing' | 'overdrawn' | 'seconds'>

const judge = (rows: readonly Row[], debits: Debits): Outcomes => {
  const count = (holds: (row: Row, debited: number) => boolean) =>
    rows.filter((row) => holds(row, debits.get(row.id_transaccion) ?? 0)).length
  return {
    sales: rows.length,
    authorized: count(({ estado }) => estado === 'AUTORIZADA'),
    rejected: count(({ estado }) => estado === 'RECHAZADA'),
    inReview: count(({ estado }) => estado === 'EN_REVISION'),
    unsettled: count(({ estado }) => estado === 'PENDIENTE'),
    debitedTwice: count((_, debited) => debited > 1),
    releasedWrongly: count(({ estado }, debited) => estado === 'RECHAZADA' && debited > 0),
    invented: count(({ estado }, debited) => estado === 'AUTORIZADA' && debited === 0),
  }
}
