import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { isAccepting, type Press, type ReadBack, type SaleFacts } from './facts.ts'

export type Tills = {
  /** Requests that a gateway has and has not answered. */
  readonly inFlight: () => number
  readonly accepted: () => number
  readonly started: () => number
  readonly sales: () => readonly SaleFacts[]
  /** No new customer comes; those at the tills are served. */
  readonly stop: () => Promise<void>
}

type Sale = {
  readonly number: string
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
  readonly random: () => number
}

/** In the merchant's currency. */
const amount = 1
const waitSeconds = 4
const answerTimeoutMs = 20_000
/** Pause of a cashier after "try again". */
const retryPauseMs = 600
const pressesMax = 40
/** Chance that a customer leaves after "it did not take place". */
const leavesChance = 0.3
/** A till that lost its paper presses once more, though it was answered. */
const pressesAgainChance = 0.15

/** Sells at a steady rate, as tills do: a key for each customer, pressed again until the answer is clear. */
export const openTills = (options: Options): Tills => {
  const { random } = options
  const sales: Sale[] = []
  const serving = new Set<Promise<void>>()
  let requests = 0
  let nextNumber = 60_000_000 + Math.floor(random() * 9_000_000)
  const count = <Result>(sent: Promise<Result>): Promise<Result> => {
    requests += 1
    return sent.finally(() => (requests -= 1))
  }
  const serve = () => {
    if (serving.size >= options.tills) return
    nextNumber += 1
    const sale: Sale = { number: String(nextNumber), key: randomUUID(), presses: [], reads: [] }
    sales.push(sale)
    const served = serveCustomer(sale, options, count).finally(() => serving.delete(served))
    serving.add(served)
  }
  const timer = setInterval(serve, 1_000 / options.salesPerSecond)
  return {
    inFlight: () => requests,
    accepted: () => sales.filter(({ presses }) => presses.some(isAccepting)).length,
    started: () => sales.length,
    sales: () => sales,
    stop: async () => {
      clearInterval(timer)
      await Promise.all(serving)
    },
  }
}

/** True when another press would find out nothing more. */
const isClear = ({ kind, status, code }: Press): boolean =>
  kind === 'answer' && status !== 429 && !unclearCodes.has(code ?? '')
const unclearCodes: ReadonlySet<string> = new Set(['NOT_ACCEPTED', 'NOT_READY', 'OUTCOME_UNKNOWN'])

const saysNothingTookPlace = ({ kind, code }: Press): boolean =>
  kind === 'not-connected' || code === 'NOT_ACCEPTED'

const serveCustomer = async (
  sale: Sale,
  options: Options,
  count: <Result>(sent: Promise<Result>) => Promise<Result>,
): Promise<void> => {
  const { gatewayUrls, random } = options
  let gateway = Math.floor(random() * gatewayUrls.length)
  const pressOnce = async () => {
    const answer = await count(press(gatewayUrls[gateway] ?? '', sale, options))
    sale.presses.push(answer)
    return answer
  }
  const leaves = random() < leavesChance
  while (sale.presses.length < pressesMax) {
    const answer = await pressOnce()
    if (isClear(answer)) {
      // At the other gateway, which asks another ledger.
      const other = gatewayUrls[(gateway + 1) % gatewayUrls.length] ?? ''
      const read = await readBack(other, answer, options)
      if (read !== null) sale.reads.push(read)
      if (random() < pressesAgainChance) await pressOnce()
      return
    }
    if (leaves && sale.presses.every(saysNothingTookPlace)) return
    // The other one may serve while this one cannot.
    gateway = (gateway + 1) % gatewayUrls.length
    await pause(retryPauseMs)
  }
}

type Body = {
  readonly code?: string
  readonly id_transaccion?: string
  readonly estado?: string
}

const press = async (gatewayUrl: string, sale: Sale, options: Options): Promise<Press> => {
  const at = Date.now()
  const none = { at, status: 0, code: null, topupId: null, state: null }
  try {
    const response = await fetch(`${gatewayUrl}/recargas/cliente`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${options.token}`,
        'content-type': 'application/json',
        'idempotency-key': sale.key,
        prefer: `wait=${waitSeconds}`,
      },
      body: JSON.stringify({
        operadora: 'Tigo',
        numero_cliente: sale.number,
        monto: amount,
        id_caja_sesion: options.sessionId,
      }),
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    const body = (await response.json()) as Body
    return {
      at,
      kind: 'answer',
      status: response.status,
      code: body.code ?? null,
      topupId: body.id_transaccion ?? null,
      state: body.estado ?? null,
    }
  } catch (error) {
    return { ...none, kind: isNotConnected(error) ? 'not-connected' : 'cut' }
  }
}

/** null: nothing to read, or no answer. */
const readBack = async (
  gatewayUrl: string,
  { topupId, state }: Press,
  { token }: Options,
): Promise<ReadBack | null> => {
  if (topupId === null) return null
  try {
    const response = await fetch(`${gatewayUrl}/recargas/cliente/${topupId}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(answerTimeoutMs),
    })
    const body = (await response.json()) as Body
    return { status: response.status, state: body.estado ?? null, answered: state }
  } catch {
    return null
  }
}

/** Refused by the kernel: the gateway has not read a byte. */
const isNotConnected = (error: unknown): boolean => {
  const cause = error instanceof Error ? (error.cause as { code?: unknown } | undefined) : undefined
  return cause?.code === 'ECONNREFUSED'
}
