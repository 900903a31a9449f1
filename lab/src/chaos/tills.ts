import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { codeOf, createPos, type Answer, type Pos } from '../till/pos.ts'
import { saleOf } from '../till/shop.ts'
import { isAccepting, type Press, type ReadBack, type SaleFacts } from './facts.ts'
import type { Sold, Timeline } from './selling-times.ts'

export type Tills = ReturnType<typeof openTills>

type Sale = SaleFacts & {
  readonly key: string
  readonly presses: Press[]
  readonly reads: ReadBack[]
}

type Options = {
  readonly gatewayUrls: readonly string[]
  readonly token: string
  readonly sessionId: number
  readonly salesPerSecond: number
  /** Customers served at once, at most. */
  readonly tills: number
  /** Chance that a customer leaves after "it did not take place". */
  readonly leavesChance?: number
  readonly random: () => number
}

type Desk = {
  readonly count: <Result>(sent: Promise<Result>) => Promise<Result>
  readonly note: (answer: Answer, askedAt: number) => void
}

const amount = 1
const waitSeconds = 4
const answerTimeoutMs = 20_000
/** Pause of a cashier after "try again". */
const retryPauseMs = 600
const pressesMax = 40
const usualLeavesChance = 0.3
/** Chance that a till presses again after a clear answer, as after a failed printer. */
const pressesAgainChance = 0.15

/** Sells at a steady rate, as tills do: a key for each customer, pressed again until the answer is clear. */
export const openTills = (options: Options) => {
  const { random, gatewayUrls, token } = options
  const gateways = gatewayUrls.map((url) => createPos(() => url, token, answerTimeoutMs))
  const sales: Sale[] = []
  const serving = new Set<Promise<void>>()
  let requests = 0
  let nextNumber = 60_000_000 + Math.floor(random() * 9_000_000)
  const count = <Result>(sent: Promise<Result>): Promise<Result> => {
    requests += 1
    return sent.finally(() => (requests -= 1))
  }
  const sold: Sold[] = []
  const refusals: Timeline['refusals'][number][] = []
  const customers: Timeline['customers'][number][] = []
  const timeline: Timeline = { sold, refusals, customers }
  const note: Desk['note'] = ({ status, headers }, askedAt) => {
    const at = performance.now()
    if (status === 201) sold.push({ at, askedAt })
    if (status === 503) refusals.push({ at, saysWhenAgain: headers.has('retry-after') })
  }
  const serve = () => {
    if (serving.size >= options.tills) return
    nextNumber += 1
    const sale: Sale = { number: String(nextNumber), key: randomUUID(), presses: [], reads: [] }
    sales.push(sale)
    const from = performance.now()
    const served = serveCustomer(sale, gateways, options, { count, note })
      .then((isServed) => void customers.push({ from, to: performance.now(), isServed }))
      .finally(() => serving.delete(served))
    serving.add(served)
  }
  const timer = setInterval(serve, 1_000 / options.salesPerSecond)
  return {
    /** Requests that a gateway has and has not answered. */
    inFlight: () => requests,
    accepted: () => sales.filter(({ presses }) => presses.some(isAccepting)).length,
    started: () => sales.length,
    sales: (): readonly SaleFacts[] => sales,
    timeline,
    /** No new customer comes; those at the tills are served. */
    stop: async () => {
      clearInterval(timer)
      await Promise.all(serving)
    },
  }
}

/** True when another press would learn nothing new. */
const isClear = ({ kind, status, code }: Press): boolean =>
  kind === 'answer' && status !== 429 && !unclearCodes.has(code ?? '')
const unclearCodes: ReadonlySet<string> = new Set(['NOT_ACCEPTED', 'NOT_READY', 'OUTCOME_UNKNOWN'])

const saysNothingTookPlace = ({ kind, code }: Press): boolean =>
  kind === 'not-connected' || code === 'NOT_ACCEPTED'

/** @returns false for a customer who had no clear answer */
const serveCustomer = async (
  sale: Sale,
  gateways: readonly Pos[],
  { sessionId, random, leavesChance = usualLeavesChance }: Options,
  { count, note }: Desk,
): Promise<boolean> => {
  let at = Math.floor(random() * gateways.length)
  let askedAt: number | null = null
  const pressOnce = async () => {
    askedAt ??= performance.now()
    const answer = await count(press(gateways[at], sale, { sessionId, askedAt }, note))
    sale.presses.push(answer)
    if (saysNothingTookPlace(answer)) askedAt = null
    return answer
  }
  const leaves = random() < leavesChance
  while (sale.presses.length < pressesMax) {
    const answer = await pressOnce()
    if (isClear(answer)) {
      // At the other gateway, which asks another ledger.
      const read = await readBack(gateways[(at + 1) % gateways.length], answer)
      if (read !== null) sale.reads.push(read)
      if (random() < pressesAgainChance) await pressOnce()
      return true
    }
    if (leaves && sale.presses.every(saysNothingTookPlace)) return false
    // The other gateway may serve while this one cannot.
    at = (at + 1) % gateways.length
    await pause(retryPauseMs)
  }
  return false
}

/** A field of an answer; null where it has none. */
const textIn = ({ body }: Answer, field: 'code' | 'id_transaccion' | 'estado'): string | null => {
  const value = body[field]
  return typeof value === 'string' ? value : null
}

const press = async (
  gateway: Pos | undefined,
  sale: Sale,
  { sessionId, askedAt }: { readonly sessionId: number; readonly askedAt: number },
  note: Desk['note'],
): Promise<Press> => {
  const at = Date.now()
  try {
    if (gateway === undefined) throw new Error('no gateway')
    const headers = { 'idempotency-key': sale.key, prefer: `wait=${waitSeconds}` }
    const body = saleOf(sessionId, sale.number, amount)
    const answer = await gateway.post('/recargas/cliente', body, headers)
    note(answer, askedAt)
    return {
      at,
      kind: 'answer',
      status: answer.status,
      code: textIn(answer, 'code'),
      topupId: textIn(answer, 'id_transaccion'),
      state: textIn(answer, 'estado'),
    }
  } catch (error) {
    const kind = codeOf(error) === 'ECONNREFUSED' ? 'not-connected' : 'cut'
    return { at, kind, status: 0, code: null, topupId: null, state: null }
  }
}

/** null: nothing to read, or no answer. */
const readBack = async (
  gateway: Pos | undefined,
  { topupId, state }: Press,
): Promise<ReadBack | null> => {
  if (topupId === null || gateway === undefined) return null
  try {
    const answer = await gateway.get(`/recargas/cliente/${topupId}`)
    return { status: answer.status, state: textIn(answer, 'estado'), answered: state }
  } catch {
    return null
  }
}
