import { once } from 'node:events'
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { request, type IncomingMessage } from 'node:http'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { adapterQueue, partitionCount } from '@recargas/contracts'
import amqplib from 'amqplib'
import { z } from 'zod'
import { saleAt } from '../runner/load.ts'
import { hotMerchant, openBusyShop, writeCatalogue } from '../runner/shops.ts'
import type { ServiceProcess } from '@recargas/stack/service-process'
import { runOps } from '@recargas/ops/program'
import { readMetric } from '../till/metric.ts'
import { createPos, tokenFor, type Answer } from '../till/pos.ts'
import { eventually, newNumber } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

/** A killed owner's partitions are served again within this: the figure we promise. */
const servedAgainMsMax = 10_000
/** The partitions of an owner that is paused or cut off: three heartbeats of 3 s, the figure we promise. */
const silentServedAgainMsMax = 9_000
/** A changed catalogue counts at every gateway within this. */
const takenMsMax = 5_000
const merchants = ['m0000', 'm0001', 'm0002', 'm0003']

const Ready = z.object({
  parts: z.array(z.object({ name: z.string(), reason: z.string().nullable() })),
})

let folder: string
let cataloguePath: string
let stack: TestStack
let second: ServiceProcess
let third: ServiceProcess
let shops: readonly OpenShop[]
/** Runs while the tests stop, pause and cut off ledgers. */
let rebuilding: Promise<{ readonly code: number; readonly output: string }>

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-instances-'))
  cataloguePath = writeCatalogue(folder, merchants.length)
  stack = await openTestStack('instances', {
    env: { gateway: { CATALOGUE_PATH: cataloguePath } },
  })
  shops = await Promise.all(merchants.map(openShop))
  second = await stack.anotherLedger('second-ledger')
  third = await stack.anotherLedger('third-ledger')
  rebuilding = rebuildAll()
}, 180_000)
afterAll(async () => {
  for (const ledger of [stack.processes.ledger, second, third]) {
    if (ledger.pid() === null) await ledger.start()
  }
  const proof = await stack.close()
  await rm(folder, { recursive: true, force: true })
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
}, 120_000)

const rebuildAll = async () => {
  let output = ''
  const say = (text: string) => (output += text)
  const { PATH } = process.env
  const environment = { PATH, LEDGER_MONGODB_URI: stack.administration.ledger }
  const code = await runOps(['rebuild', '--json'], { environment, out: say, err: say })
  return { code, output }
}

/** A shop with an open session, and its Administrador's token. */
type OpenShop = { readonly merchant: string; readonly sessionId: number; readonly token: string }
const openShop = async (merchant: string): Promise<OpenShop> => {
  const { sessionId } = await openBusyShop(stack.gateway, merchant)
  const { jwtSecret } = stack.gateway
  return {
    merchant,
    sessionId,
    token: tokenFor(jwtSecret, { user: 1, role: 'Administrador', merchant }),
  }
}

const sellAt = (shop: OpenShop): Promise<Answer> =>
  createPos(stack.gateway.url, shop.token).post(
    '/recargas/cliente',
    JSON.parse(saleAt(shop).body) as unknown,
  )

/** Sells at every shop in parallel, one sale after the other, until stopped. */
const keepSelling = () => {
  const answers: Answer[] = []
  let isOver = false
  const soldAt = new Map<string, number>()
  const selling = shops.map(async (shop) => {
    while (!isOver) {
      const answer = await sellAt(shop)
      answers.push(answer)
      if (answer.status === 201) soldAt.set(shop.merchant, performance.now())
    }
  })
  return {
    answers,
    /** Until each shop has sold something after this moment. */
    everyShopSold: async (since = performance.now()) => {
      await eventually(
        () => Promise.resolve([...soldAt.values()].filter((at) => at > since).length),
        (count) => count === shops.length,
      )
      return performance.now() - since
    },
    stop: async () => {
      isOver = true
      await Promise.all(selling)
    },
  }
}

/** Sold, or a clear answer to try again; never a sale with an unknown end. */
const isSoldOrRetry = ({ status, headers }: Answer): boolean =>
  status === 201 || (status === 503 && headers.get('retry-after') !== null)

const figuresOf = async (ledger: ServiceProcess): Promise<string> =>
  (await fetch(`${ledger.url}/metrics`)).text()

const partitionsServed = ({ url }: ServiceProcess) => readMetric(url, 'ledger_partitions_served')

const firstShop = (): OpenShop => {
  const [shop] = shops
  if (shop === undefined) throw new Error('no shop is open')
  return shop
}

/** The ledger that appends a sale of this shop. */
const ownerOf = async (
  shop: OpenShop,
  ledgers: readonly ServiceProcess[],
): Promise<ServiceProcess> => {
  const appended = () =>
    Promise.all(ledgers.map(({ url }) => readMetric(url, 'ledger_batch_size_count')))
  // The others may sell nothing meanwhile, and no partition may move.
  return eventually(
    async () => {
      const before = await appended()
      const { status } = await sellAt(shop)
      const after = await appended()
      const grown = ledgers.filter((_, index) => (after[index] ?? 0) > (before[index] ?? 0))
      const [only] = grown
      return status === 201 && grown.length === 1 ? only : undefined
    },
    (found) => found !== undefined,
  )
}

/** A way to the broker that can be cut without a word to either side. */
const openHop = async (amqpUrl: string) => {
  const { hostname, port } = new URL(amqpUrl)
  const sockets = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(Number(port === '' ? 5672 : port), hostname)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from)
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
      from.pipe(to)
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = new URL(amqpUrl)
  url.hostname = '127.0.0.1'
  url.port = String((server.address() as AddressInfo).port)
  return {
    url: url.href,
    cut: () => {
      for (const socket of sockets) socket.unpipe().pause()
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}

const emptyQueue = async (amqpUrl: string, queue: string): Promise<void> => {
  const connection = await amqplib.connect(amqpUrl)
  try {
    const channel = await connection.createChannel()
    await channel.purgeQueue(queue)
  } finally {
    await connection.close()
  }
}

const floatOf = async (shop: OpenShop): Promise<readonly string[]> => {
  const { list } = await createPos(stack.gateway.url, shop.token).get('/recargas/operadoras/saldos')
  return [String(list[0]?.['saldo_actual']), String(list[0]?.['saldo_reservado'])]
}

describe('several ledgers', () => {
  it('come and go under sales: each shop sells on, a killed owner’s within 10 s', async () => {
    const selling = keepSelling()
    await selling.everyShopSold()
    await second.start()
    // The new instance is last in every line, until the first hands over its surplus.
    await eventually(
      () => Promise.all([stack.processes.ledger, second].map(partitionsServed)),
      (served) => Math.max(...served) === partitionCount / 2,
    )
    await third.start()
    await selling.everyShopSold()

    // An owner that is stopped hands its partitions over.
    await stack.processes.ledger.stop()
    const handedOverMs = await selling.everyShopSold()
    await stack.processes.ledger.start()
    await selling.everyShopSold()

    // The queue's next consumer in line is the second or the third: killing each in turn finds it.
    const servedAgainMs: number[] = []
    for (const owner of [second, third]) {
      const killedAt = performance.now()
      await owner.kill('SIGKILL')
      servedAgainMs.push(await selling.everyShopSold(killedAt))
      await owner.start()
      await selling.everyShopSold()
    }
    await selling.stop()

    expect(Math.max(handedOverMs, ...servedAgainMs)).toBeLessThan(servedAgainMsMax)
    expect(selling.answers.filter((answer) => !isSoldOrRetry(answer))).toEqual([])
  }, 240_000)

  it('serve a paused owner’s partition within three heartbeats, and leave its late batch out of the books', async () => {
    await third.stop()
    const shop = firstShop()
    const ledgers = [stack.processes.ledger, second]
    const owner = await ownerOf(shop, ledgers)
    const before = await floatOf(shop)

    // The broker still hands the sleeper its messages, until it misses it.
    const pausedAt = performance.now()
    await owner.kill('SIGSTOP')
    const answer = await sellAt(shop)
    const servedAgainMs = performance.now() - pausedAt
    await owner.kill('SIGCONT')
    expect(answer.status).toBe(201)
    expect(servedAgainMs).toBeLessThan(silentServedAgainMsMax)
    // A batch that it still has is refused by its append; where the broker missed it first, it has none.
    await owner.waitReady()

    expect((await sellAt(shop)).status).toBe(201)
    const expected = (Number(before[0]) - 0.1 * 2).toFixed(2)
    await eventually(
      () => floatOf(shop),
      (float) => float[0] === expected && Number(float[1]) === 0,
    )
  }, 120_000)

  it('serve the partition of an owner that is cut off from the broker within three heartbeats', async () => {
    const shop = firstShop()
    const hop = await openHop(stack.traces.amqpUrl)
    // The only ledger, so that everything is its own; the others come after it and are given their share.
    await Promise.all([stack.processes.ledger, second, third].map((ledger) => ledger.stop()))
    await third.start({ AMQP_URL: hop.url })
    try {
      const owner = await eventually(
        async () => ((await sellAt(shop)).status === 201 ? third : null),
        (found) => found !== null,
      )
      expect(owner).toBe(third)
      await second.start()
      // Sharing may have moved the shop meanwhile: it is cut off only where it still owns it.
      if ((await ownerOf(shop, [second, third])) === third) {
        const cutAt = performance.now()
        hop.cut()
        expect((await sellAt(shop)).status).toBe(201)
        expect(performance.now() - cutAt).toBeLessThan(silentServedAgainMsMax)
      }
    } finally {
      await third.kill('SIGKILL')
      await hop.close()
      await stack.processes.ledger.start()
    }
  }, 120_000)

  it('take over an idle partition whose owner died, project it and repeat its held sale', async () => {
    const shop = firstShop()
    const ledgers = [stack.processes.ledger, second]
    const owner = await ownerOf(shop, ledgers)
    const other = owner === second ? stack.processes.ledger : second
    const { adapter } = stack.processes
    // The gateway's reads go to the first ledger, which may be the one that dies.
    const reader = await stack.anotherGateway('reading-gateway', { LEDGER_URL: other.url })
    await reader.start()
    // The carrier's job is lost with the broker's queue; the ledger alone knows of the sale.
    await adapter.kill('SIGKILL')
    const held = createPos(stack.gateway.url, shop.token).post(
      '/recargas/cliente',
      JSON.parse(saleAt(shop).body) as unknown,
      { prefer: 'wait=1' },
    )
    const answer = await held
    expect([answer.status, answer.body['estado']]).toEqual([202, 'PENDIENTE'])
    const id = String(answer.body['id_transaccion'])
    await owner.kill('SIGKILL')
    await emptyQueue(stack.traces.amqpUrl, adapterQueue('tpaga', 'topup'))
    const diedAt = performance.now()

    // Nothing is sold: only `Wake` makes the other instance take the ownerless partitions.
    await eventually(
      () => partitionsServed(other),
      (count) => count === partitionCount,
    )
    expect(performance.now() - diedAt).toBeLessThan(servedAgainMsMax)
    await adapter.start()
    await eventually(
      async () =>
        (await createPos(() => reader.url, shop.token).get(`/recargas/cliente/${id}`)).body[
          'estado'
        ],
      (state) => state === 'AUTORIZADA',
    )
    await owner.start()
  }, 120_000)

  it('each show the runway of every float, from the journal of the last hour', async () => {
    // A ledger reads the floats at its start.
    await second.stop()
    await second.start()
    const figures = await eventually(
      () => figuresOf(second),
      (text) => text.includes('ledger_float_runway_seconds{'),
    )
    expect(figures.match(/^ledger_float_low\{.*\} 0$/gm)).toHaveLength(merchants.length)
    const shop = shops[0]
    if (shop === undefined) throw new Error('no shop is open')
    const { list } = await createPos(stack.gateway.url, shop.token).get(
      '/recargas/operadoras/saldos',
    )
    expect(list[0]).toMatchObject({ saldo_bajo: false })
    expect(list[0]?.['autonomia_minutos']).toBeGreaterThan(0)
  }, 60_000)
})

/** The file as a careful editor replaces it: written beside the old one, and renamed. */
const replaceCatalogue = async (text: string): Promise<void> => {
  await writeFile(`${cataloguePath}.new`, text)
  await rename(`${cataloguePath}.new`, cataloguePath)
}

type BegunSale = {
  readonly finish: () => void
  readonly status: Promise<number>
}

/** A sale that a gateway has begun, since it asks for the body. */
const beginSale = async (url: string, { token }: OpenShop, body: string): Promise<BegunSale> => {
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'content-length': body.length,
    expect: '100-continue',
  }
  const sale = request(`${url}/recargas/cliente`, { method: 'POST', headers })
  const status = once(sale, 'response').then((answered) => {
    const [response] = answered as [IncomingMessage]
    response.resume()
    return response.statusCode ?? 0
  })
  sale.flushHeaders()
  await once(sale, 'continue')
  return { finish: () => sale.end(body), status }
}

describe('several gateways', () => {
  let gateways: readonly ServiceProcess[]
  let shop: OpenShop
  let good: string
  beforeAll(async () => {
    const another = await stack.anotherGateway('second-gateway')
    await another.start()
    gateways = [stack.processes.gateway, another]
    const [first] = shops
    if (first === undefined) throw new Error('no shop is open')
    shop = first
    good = await readFile(cataloguePath, 'utf8')
  }, 60_000)

  const ofEach = <Value>(ask: (url: string) => Promise<Value>): Promise<readonly Value[]> =>
    Promise.all(gateways.map(({ url }) => ask(url)))
  const saleOf = (amount: number): Record<string, unknown> => ({
    ...(JSON.parse(saleAt(shop).body) as Record<string, unknown>),
    monto: amount,
  })
  const sellTwenty = async (url: string): Promise<unknown> => {
    const { status, body } = await createPos(() => url, shop.token).post(
      '/recargas/cliente',
      saleOf(20),
    )
    return status === 201 ? status : body['code']
  }
  /** The largest amount, by each gateway's word. */
  const maximum = async (url: string): Promise<unknown> =>
    (await createPos(() => url, shop.token).get('/operadoras')).list[0]?.['maximo']
  /** The catalogue's reason in /ready; null while the file is in force. */
  const refusal = async (url: string): Promise<string | null> => {
    const { parts } = Ready.parse(await (await fetch(`${url}/ready`)).json())
    return parts.find(({ name }) => name === 'catalogue')?.reason ?? null
  }
  const refusedFigure = (url: string) => readMetric(url, 'gateway_catalogue_refused')

  it('take a changed catalogue within 5 s; requests under way are answered by the previous one', async () => {
    const begun = await ofEach((url) => beginSale(url, shop, JSON.stringify(saleOf(20))))
    const number = newNumber()
    await stack.slowDown(number, 7_000)
    let isAnswered = false
    const atCarrier = createPos(stack.gateway.url, shop.token)
      .post('/recargas/cliente', { ...saleOf(20), numero_cliente: number })
      .finally(() => (isAnswered = true))
    await eventually(
      () => stack.carrierCallsTo(number),
      (calls) => calls === 1,
    )

    const changedAt = performance.now()
    await replaceCatalogue(good.replaceAll('"maximo":100000', '"maximo":1000'))
    await eventually(
      () => ofEach(maximum),
      (maxima) => maxima.every((each) => each === 10),
    )
    expect(performance.now() - changedAt).toBeLessThan(takenMsMax)
    expect(isAnswered).toBe(false)
    for (const sale of begun) sale.finish()

    expect(await Promise.all(begun.map(({ status }) => status))).toEqual([201, 201])
    expect(await atCarrier).toMatchObject({ status: 201, body: { estado: 'AUTORIZADA' } })
    expect(await ofEach(sellTwenty)).toEqual(['AMOUNT_ABOVE_MAXIMUM', 'AMOUNT_ABOVE_MAXIMUM'])
  }, 60_000)

  it('keep the catalogue before an invalid file, report it in /ready and in a metric, and sell on', async () => {
    await replaceCatalogue(good)
    await eventually(
      () => ofEach(maximum),
      (maxima) => maxima.every((each) => each === 1_000),
    )
    expect(await ofEach(refusedFigure)).toEqual([0, 0])
    await replaceCatalogue(good.replaceAll('"minimo":10', '"minimo":0'))
    const reasons = await eventually(
      () => ofEach(refusal),
      (refusals) => refusals.every((each) => each !== null),
    )
    const problem = `the file is not taken: merchants.${hotMerchant}.operators[0]: minimo`
    expect(reasons.map((reason) => reason.slice(0, problem.length))).toEqual([problem, problem])
    expect(await ofEach(refusedFigure)).toEqual([1, 1])
    expect(await ofEach(sellTwenty)).toEqual([201, 201])

    await replaceCatalogue(good)
    await eventually(
      () => ofEach(refusal),
      (refusals) => refusals.every((each) => each === null),
    )
    expect(await ofEach(refusedFigure)).toEqual([0, 0])
  }, 60_000)
})

it('every projection was rebuilt meanwhile, and is read as it was built', async () => {
  const { code, output } = await rebuilding
  expect({ code, output }).toMatchObject({ code: 0 })
  expect(output).toContain('reads follow generation 2; the one of before is dropped in a minute')
  expect(output.match(/"generation":2/g)).toHaveLength(7)
  expect(await sellAt(firstShop())).toMatchObject({ status: 201 })
}, 120_000)
