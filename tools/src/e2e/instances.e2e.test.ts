import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { openShop, saleAt, writeCatalogue, type OpenShop } from '../bench/shops.ts'
import type { ServiceProcess } from '../stack/service-process.ts'
import { readMetric } from '../till/metric.ts'
import { createPos, type Answer } from '../till/pos.ts'
import { eventually } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

/** A killed owner's partitions are served again within this: the figure we promise. */
const servedAgainMsMax = 10_000
/** The shortest the setting allows, so that a paused owner is missed soon. */
const heartbeat = { AMQP_HEARTBEAT_SECONDS: '2' }
const merchants = ['m0000', 'm0001', 'm0002', 'm0003']

let folder: string
let stack: TestStack
let second: ServiceProcess
let third: ServiceProcess
let shops: readonly OpenShop[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-instances-'))
  stack = await openTestStack('instances', {
    env: {
      ledger: heartbeat,
      gateway: { CATALOGUE_PATH: writeCatalogue(folder, merchants.length) },
    },
  })
  const gateway = { url: stack.gateway.url(), jwtSecret: stack.gateway.jwtSecret }
  shops = await Promise.all(merchants.map((merchant) => openShop(gateway, merchant)))
  second = await stack.anotherLedger('second-ledger', heartbeat)
  third = await stack.anotherLedger('third-ledger', heartbeat)
}, 180_000)
afterAll(async () => {
  for (const ledger of [stack.processes.ledger, second, third]) {
    if (ledger.pid() === null) await ledger.start()
  }
  const proof = await stack.close()
  await rm(folder, { recursive: true, force: true })
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
}, 120_000)

const sellAt = (shop: OpenShop): Promise<Answer> =>
  createPos(stack.gateway.url, shop.token).post(
    '/recargas/cliente',
    JSON.parse(saleAt(shop).body) as unknown,
  )

/** Sells at every shop at once, one sale after the other, until told to stop. */
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

/** Sold, or a plain word to try again; never a sale that nobody knows the end of. */
const isSoldOrRetry = ({ status, headers }: Answer): boolean =>
  status === 201 || (status === 503 && headers.get('retry-after') !== null)

const figuresOf = async (ledger: ServiceProcess): Promise<string> =>
  (await fetch(`${ledger.url}/metrics`)).text()

const fencedBatches = ({ url }: ServiceProcess) => readMetric(url, 'ledger_fenced_total')
const partitionsServed = ({ url }: ServiceProcess) => readMetric(url, 'ledger_partitions_served')

const floatOf = async (shop: OpenShop): Promise<readonly string[]> => {
  const { list } = await createPos(stack.gateway.url, shop.token).get('/recargas/operadoras/saldos')
  return [String(list[0]?.['saldo_actual']), String(list[0]?.['saldo_reservado'])]
}

describe('several ledgers', () => {
  it('come and go under sales: each shop sells on, a killed owner’s within 10 s', async () => {
    const selling = keepSelling()
    await selling.everyShopSold()
    await second.start()
    // It stands at the end of every line: the first hands over what it has too many.
    await eventually(
      () => Promise.all([stack.processes.ledger, second].map(partitionsServed)),
      (served) => Math.max(...served) === merchants.length / 2,
    )
    await third.start()
    await selling.everyShopSold()

    // Told to stop, an owner hands its partitions over.
    await stack.processes.ledger.stop()
    const handedOverMs = await selling.everyShopSold()
    await stack.processes.ledger.start()
    await selling.everyShopSold()

    // The queue's next consumer in line is the second or the third: whoever it is, one kill each finds it.
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

  it('leave a paused owner’s late batch out of the books when it wakes up', async () => {
    for (const ledger of [second, third]) await ledger.stop()
    const shop = shops[0]
    if (shop === undefined) throw new Error('no shop is open')
    const owner = stack.processes.ledger
    // Anew, and with one shop's sales: of one partition nobody has too many, so it stays where it is.
    await owner.stop()
    await owner.start()
    expect((await sellAt(shop)).status).toBe(201)
    await second.start()
    expect((await sellAt(shop)).status).toBe(201)
    const before = await floatOf(shop)
    const fencedBefore = await fencedBatches(owner)

    // The broker still hands the sleeper its messages, and misses it only after two heartbeats.
    await owner.kill('SIGSTOP')
    const answer = await sellAt(shop).finally(() => owner.kill('SIGCONT'))
    expect(isSoldOrRetry(answer)).toBe(true)
    await eventually(
      () => fencedBatches(owner),
      (count) => count > fencedBefore,
    )
    await owner.waitReady()

    expect((await sellAt(shop)).status).toBe(201)
    const sold = answer.status === 201 ? 2 : 1
    const expected = (Number(before[0]) - 0.1 * sold).toFixed(2)
    await eventually(
      () => floatOf(shop),
      (float) => float[0] === expected && Number(float[1]) === 0,
    )
  }, 120_000)

  it('each tell how long every float lasts, by what the journal says of the last hour', async () => {
    // It looks when it starts.
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
