import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { forSeconds, onTills, saleAt, type SaleRequest } from '../runner/load.ts'
import { quantile, ratioOf, rounded, sortedOf, timed } from '../runner/statistics.ts'
import { quiet, type System } from '../runner/system.ts'
import { tokenFor } from '../till/pos.ts'
import { openShop, type Shop } from '../till/shop.ts'
import { experiment } from '../runner/experiment.ts'

const usual = { rounds: 4, seconds: 20 }
const cashiers = 8
const saleEveryMs = 500
const slowConnections = 1_000
const floodPerSecond = 200
const floodUnderWayMax = 1_000
const dripEveryMs = 500
/** Many addresses, as of many shops: the gateway limits the connections and requests of each. */
const addressOf = (nth: number) => `127.0.1.${1 + (nth % 200)}`
const p99RatioMax = 2

/** Rounds without and with the attack take turns, so that other work of the machine slows both alike. */
export const slowClients = experiment({
  description: 'cashiers beside a thousand slow connections and one person’s flood',
  // The gateway keeps its limits, because they are what is measured.
  env: { ...quiet, gateway: { LOG_LEVEL: 'warn' } },
  load: async (system) => {
    const shops: Shop[] = []
    for (let nth = 0; nth < cashiers; nth += 1) {
      shops.push(await openShop(system.gateway, { cash: 50_000, float: 20_000 }))
    }
    return startSellers(system, shops)
  },
  faults: async (sellers, system, { rounds = usual.rounds, seconds = usual.seconds }) => {
    const attack = createAttack(system)
    const alone: number[] = []
    const beside: number[] = []
    await sellers.sell(seconds, [])
    for (let round = 0; round < rounds; round += 1) {
      await sellers.sell(seconds, alone)
      await attack.start()
      await sellers.sell(seconds, beside)
      await attack.stop()
    }
    const otherAnswers = sellers.close()
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
      /** Answers to the cashiers that were no sale. */
      otherAnswers,
      p99Ratio: ratioOf(besideP99Ms, aloneP99Ms),
    }
  },
  judge: (found) => ({
    runs: { slowClients: found },
    bounds: {
      'the connections are held': found.heldMax >= slowConnections * 0.9,
      'most of the flood is refused': found.floodRefused > found.floodSent / 2,
      'sales are made beside the attack': found.salesBeside > 0,
      'every press is a sale': found.otherAnswers === 0,
      'the attack hardly slows cashiers': found.p99Ratio < p99RatioMax,
    },
  }),
})

/** Tills on a connection and an address of their own. */
const startSellers = ({ urls }: System, shops: readonly Shop[]) => {
  const sellers = shops.map((shop, nth) => ({
    shop,
    agent: new Agent({ keepAlive: true, maxSockets: 1, localAddress: `127.0.2.${1 + nth}` }),
  }))
  let otherAnswers = 0
  return {
    /** @param took the duration of each sale is put there, in ms */
    sell: (seconds: number, took: number[]) =>
      onTills(sellers.length, forSeconds(seconds), async (till) => {
        const seller = sellers[till]
        if (seller === undefined) throw new Error('no shop is open')
        const { shop, agent } = seller
        const { result, ms } = await timed(() => post(urls.gateway, agent, saleAt(shop)))
        if (result === 201) took.push(rounded(ms))
        else otherAnswers += 1
        await pause(Math.max(0, saleEveryMs - ms))
      }),
    close: () => {
      for (const { agent } of sellers) agent.destroy()
      return otherAnswers
    },
  }
}

const post = (gatewayUrl: string, agent: Agent, { token, body }: SaleRequest): Promise<number> =>
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

const head =
  'POST /recargas/cliente HTTP/1.1\r\nhost: gateway\r\ncontent-type: application/json\r\n'

/** A third sends nothing, a third never ends its headers, a third never ends its body. */
const piecesOf = (nth: number, token: string): readonly [first: string, then: string] => {
  if (nth % 3 === 0) return ['', '']
  return nth % 3 === 1
    ? [head, 'x-slow: 1\r\n']
    : [`${head}authorization: Bearer ${token}\r\ncontent-length: 10000\r\n\r\n`, ' ']
}

const createAttack = ({ urls, jwtSecret }: System) => {
  const { hostname, port } = new URL(urls.gateway)
  const tokenOf = (user: number) => tokenFor(jwtSecret, { user, role: 'Operador' })
  const flooder = { token: tokenOf(99_999), sessionId: 1 }
  const open = new Set<Socket>()
  const counted = { heldMax: 0, hungUp: 0, floodSent: 0, floodRefused: 0 }
  let isOn = false
  let flood: Promise<void> = Promise.resolve()

  /** Opens a slow connection, and opens it again whenever the gateway closes it. */
  const hold = (nth: number): void => {
    if (!isOn) return
    // Each slow body has a token of its own: the limit of the flood's user would refuse them.
    const [first, then] = piecesOf(nth, tokenOf(100_000 + nth))
    let piece = first
    const socket = connect({ host: hostname, port: Number(port), localAddress: addressOf(nth) })
    const drip = setInterval(() => {
      socket.write(piece)
      piece = then
    }, dripEveryMs)
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
      for (; sent < due && underWay.size < floodUnderWayMax; sent += 1) {
        counted.floodSent += 1
        const one = post(urls.gateway, agent, saleAt(flooder)).then(
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
