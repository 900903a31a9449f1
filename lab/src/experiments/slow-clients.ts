import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { quantile, rounded, sortedOf } from '../bench/measure/statistics.ts'
import type { Stack } from '@recargas/stack/supervisor'
import { tokenFor } from '../till/pos.ts'
import { newNumber, openShop, type Shop } from '../till/shop.ts'

/** Measures cashiers who sell while others hold idle connections, and while one person floods the gateway. */
export type SlowClients = {
  readonly rounds: number
  readonly slowConnections: number
  /** Slow connections that were open at once, at most; the gateway hangs up on them, and they come again. */
  readonly heldMax: number
  readonly hungUp: number
  readonly floodPerSecond: number
  readonly floodSent: number
  /** Requests of the flood that were answered 429. */
  readonly floodRefused: number
  readonly salesAlone: number
  readonly aloneP50Ms: number
  readonly aloneP99Ms: number
  readonly salesBeside: number
  readonly besideP50Ms: number
  readonly besideP99Ms: number
  /** Answers to the cashiers that were no sale. */
  readonly otherAnswers: number
  readonly p99Ratio: number
}

export type SlowClientsPlan = { readonly rounds: number; readonly seconds: number }

const cashiers = 8
const saleEveryMs = 500
const slowConnections = 1_000
const floodPerSecond = 200
const dripEveryMs = 500
/** As many shops would: an address has its share of connections and of requests. */
const addressOf = (nth: number) => `127.0.1.${1 + (nth % 200)}`
const p99RatioMax = 2

/** Rounds without and with the others take turns, so that whatever else the machine does meets both alike. */
export const sellBesideSlowClients = async (
  stack: Stack,
  { rounds, seconds }: SlowClientsPlan,
): Promise<SlowClients> => {
  const gateway = { url: () => stack.urls.gateway, jwtSecret: stack.jwtSecret }
  const shops: Shop[] = []
  for (let nth = 0; nth < cashiers; nth += 1) {
    shops.push(await openShop(gateway, { cash: 50_000, float: 20_000 }))
  }
  const sellers = shops.map((shop, nth) => createSeller(stack, shop, nth))
  const alone: number[] = []
  const beside: number[] = []
  const attack = createAttack(stack)
  let otherAnswers = 0
  const sellAll = async (into: number[]) => {
    const results = await Promise.all(sellers.map((sell) => sellFor(seconds, sell)))
    for (const { took, other } of results) {
      into.push(...took)
      otherAnswers += other
    }
  }
  await sellAll([])
  for (let round = 0; round < rounds; round += 1) {
    await sellAll(alone)
    await attack.start()
    await sellAll(beside)
    await attack.stop()
  }
  for (const sell of sellers) sell.close()
  const [sortedAlone, sortedBeside] = [sortedOf(alone), sortedOf(beside)]
  const [aloneP99Ms, besideP99Ms] = [quantile(sortedAlone, 0.99), quantile(sortedBeside, 0.99)]
  return {
    rounds,
    slowConnections,
    ...attack.counts(),
    floodPerSecond,
    salesAlone: alone.length,
    aloneP50Ms: quantile(sortedAlone, 0.5),
    aloneP99Ms,
    salesBeside: beside.length,
    besideP50Ms: quantile(sortedBeside, 0.5),
    besideP99Ms,
    otherAnswers,
    p99Ratio: rounded(besideP99Ms / Math.max(1, aloneP99Ms)),
  }
}

export const isGoodSlowClients = (figure: SlowClients): boolean =>
  figure.heldMax >= slowConnections * 0.9 &&
  figure.floodRefused > figure.floodSent / 2 &&
  figure.salesBeside > 0 &&
  figure.otherAnswers === 0 &&
  figure.p99Ratio < p99RatioMax

type Seller = (() => Promise<{ readonly status: number; readonly ms: number }>) & {
  readonly close: () => void
}

/** A till on a connection and an address of its own. */
const createSeller = (stack: Stack, shop: Shop, nth: number): Seller => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.0.2.${1 + nth}` })
  const token = shop.token
  const sell = async () => {
    const startedAt = performance.now()
    const status = await post(stack.urls.gateway, agent, token, saleOf(shop.sessionId))
    return { status, ms: performance.now() - startedAt }
  }
  return Object.assign(sell, { close: () => agent.destroy() })
}

const saleOf = (sessionId: number): string =>
  JSON.stringify({
    operadora: 'Tigo',
    numero_cliente: newNumber(),
    monto: 0.1,
    id_caja_sesion: sessionId,
  })

const post = (gatewayUrl: string, agent: Agent, token: string, body: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const sent = request(`${gatewayUrl}/recargas/cliente`, {
      method: 'POST',
      agent,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    })
    sent.once('response', (answer) => {
      answer.resume()
      answer.once('end', () => resolve(answer.statusCode ?? 0))
    })
    sent.once('error', reject)
    sent.end(body)
  })

const sellFor = async (seconds: number, sell: Seller) => {
  const endsAt = performance.now() + seconds * 1_000
  const took: number[] = []
  let other = 0
  while (performance.now() < endsAt) {
    const { status, ms } = await sell()
    if (status === 201) took.push(rounded(ms))
    else other += 1
    await pause(Math.max(0, saleEveryMs - ms))
  }
  return { took, other }
}

const head =
  'POST /recargas/cliente HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n'

/** A third sends nothing, a third never ends its headers, a third never ends its body. */
const piecesOf = (nth: number, token: string): (() => string) => {
  const [first, then] = (
    [
      ['', ''],
      [head, 'x-slow: 1\r\n'],
      [`${head}authorization: Bearer ${token}\r\ncontent-length: 10000\r\n\r\n`, ' '],
    ] as const
  )[nth % 3] ?? ['', '']
  let isFirst = true
  return () => {
    const piece = isFirst ? first : then
    isFirst = false
    return piece
  }
}

const createAttack = (stack: Stack) => {
  const { hostname, port } = new URL(stack.urls.gateway)
  const flooder = tokenFor(stack.jwtSecret, { user: 99_999, role: 'Operador' })
  const open = new Set<Socket>()
  const counted = { heldMax: 0, hungUp: 0, floodSent: 0, floodRefused: 0 }
  let isOn = false
  let flood: Promise<void> = Promise.resolve()

  const hold = (nth: number): void => {
    if (!isOn) return
    // Each slow body has a token of its own: else the flood's limit would refuse them.
    const token = tokenFor(stack.jwtSecret, { user: 100_000 + nth, role: 'Operador' })
    const next = piecesOf(nth, token)
    const socket = connect({ host: hostname, port: Number(port), localAddress: addressOf(nth) })
    const drip = setInterval(() => socket.write(next()), dripEveryMs)
    socket.once('connect', () => {
      open.add(socket)
      counted.heldMax = Math.max(counted.heldMax, open.size)
    })
    socket.resume()
    socket.on('error', () => undefined)
    socket.once('close', () => {
      clearInterval(drip)
      open.delete(socket)
      if (!isOn) return
      counted.hungUp += 1
      hold(nth)
    })
  }

  const pour = async (): Promise<void> => {
    const agent = new Agent({ keepAlive: true, maxSockets: 64, localAddress: '127.0.3.1' })
    const underWay = new Set<Promise<void>>()
    const startedAt = performance.now()
    let sent = 0
    while (isOn) {
      const due = Math.floor(((performance.now() - startedAt) / 1_000) * floodPerSecond)
      for (; sent < due && underWay.size < 1_000; sent += 1) {
        counted.floodSent += 1
        const one = post(stack.urls.gateway, agent, flooder, saleOf(1)).then(
          (status) => void (counted.floodRefused += status === 429 ? 1 : 0),
          () => undefined,
        )
        underWay.add(one)
        void one.then(() => underWay.delete(one))
      }
      await pause(10)
    }
    await Promise.all(underWay)
    agent.destroy()
  }

  return {
    counts: () => counted,
    start: async () => {
      isOn = true
      for (let nth = 0; nth < slowConnections; nth += 1) {
        hold(nth)
        if (nth % 50 === 49) await pause(20)
      }
      flood = pour()
    },
    stop: async () => {
      isOn = false
      for (const socket of open) socket.destroy()
      await flood
    },
  }
}
