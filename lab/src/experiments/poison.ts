import { setTimeout as pause } from 'node:timers/promises'
import { QuarantineGroups, QuarantinePage, quarantinePageMax } from '@recargas/contracts'
import { connect, type ConfirmChannel } from 'amqplib'
import { sellAtRate } from '../bench/measure/open-loop.ts'
import { inTurn, openShops, writeCatalogue } from '../bench/measure/shops.ts'
import { latencyOf, median, rounded, type Latency } from '../bench/measure/statistics.ts'
import type { Stack } from '@recargas/stack/supervisor'
import type { Measuring } from './figure.ts'
import { poisonOf, type Poison } from './poison-messages.ts'

/** Sales over all partitions, without and beside messages that no consumer can process. */
export type Poisoned = {
  readonly rounds: number
  readonly salesPerSecond: number
  readonly poisonPerSecond: number
  readonly poisoned: number
  readonly quarantined: number
  readonly ofAnotherCause: number
  /** Reads of the quarantine that the ledger did not answer. */
  readonly failedLooks: number
  /** The messages in quarantine afterwards: no valid one may be among them. */
  readonly inQuarantine: number
  /** From the broker's confirm until the quarantine showed it; up to one look too long. */
  readonly quarantineP50Ms: number
  readonly quarantineP99Ms: number
  readonly quarantineMaxMs: number
  readonly salesAlone: number
  readonly aloneP50Ms: number
  /** Medians of the rounds. */
  readonly aloneP99Ms: number
  readonly salesBeside: number
  readonly besideP50Ms: number
  readonly besideP99Ms: number
  readonly p99Ratio: number
  /** Answers that were no sale, in all rounds. */
  readonly otherAnswers: number
}

/** With the usual rounds and seconds, 1,000 poison messages. */
export const usualPlan = { rounds: 5, seconds: 20 }
type Plan = typeof usualPlan

const shops = 64
const salesPerSecond = 40
const poisonPerSecond = 10
const warmSeconds = 10
const quarantineLimitMs = 5_000
const p99RatioMax = 1.5

/** Rounds without and with poison take turns at being first, so that whatever else the machine does meets both alike. */
export const sellBesidePoison = async (
  { stack, amqpUrl, folder }: Measuring,
  { rounds, seconds }: Plan,
  onRound: (round: number, alone: Latency, beside: Latency) => void,
): Promise<Poisoned> => {
  // Shops enough that every partition sells; the usual gateway knows two.
  const gateway = await stack.another('gateway', 'gateway-of-many', {
    CATALOGUE_PATH: writeCatalogue(folder, shops),
  })
  await gateway.start()
  const broker = await connect(amqpUrl, { timeout: brokerTimeoutMs })
  try {
    const opened = await openShops({ url: gateway.url, jwtSecret: stack.jwtSecret }, shops)
    const target = { url: gateway.url, next: inTurn(opened) }
    const sell = (forSeconds: number) =>
      sellAtRate(target, { perSecond: salesPerSecond, seconds: forSeconds })
    const poisoner = createPoisoner(stack, await broker.createConfirmChannel())
    await sell(Math.min(warmSeconds, seconds))
    const sellBeside = async (): Promise<Load> => {
      const [sold] = await Promise.all([sell(seconds), poisoner.poison(seconds * poisonPerSecond)])
      return sold
    }
    const alone: Load[] = []
    const beside: Load[] = []
    for (let round = 1; round <= rounds; round += 1) {
      const early: Load | null = round % 2 === 0 ? await sellBeside() : null
      const without = await sell(seconds)
      const poisoned = early ?? (await sellBeside())
      alone.push(without)
      beside.push(poisoned)
      onRound(round, without.latencyMs, poisoned.latencyMs)
    }
    return {
      rounds,
      salesPerSecond,
      poisonPerSecond,
      ...poisoner.counts(),
      inQuarantine: await countQuarantine(stack),
      ...comparisonOf(alone, beside),
    }
  } finally {
    await broker.close()
    await gateway.stop()
  }
}

type Load = Awaited<ReturnType<typeof sellAtRate>>

const comparisonOf = (alone: readonly Load[], beside: readonly Load[]) => {
  const sum = (loads: readonly Load[], of: (load: Load) => number) =>
    loads.reduce((total, load) => total + of(load), 0)
  const middle = (loads: readonly Load[], of: 'p50' | 'p99') =>
    rounded(median(loads.map(({ latencyMs }) => latencyMs[of])))
  const [aloneP99Ms, besideP99Ms] = [middle(alone, 'p99'), middle(beside, 'p99')]
  return {
    salesAlone: sum(alone, ({ sold }) => sold),
    aloneP50Ms: middle(alone, 'p50'),
    aloneP99Ms,
    salesBeside: sum(beside, ({ sold }) => sold),
    besideP50Ms: middle(beside, 'p50'),
    besideP99Ms,
    p99Ratio: rounded(besideP99Ms / Math.max(1, aloneP99Ms)),
    otherAnswers: sum(
      [...alone, ...beside],
      ({ other, errors }) => errors + Object.values(other).reduce((all, count) => all + count, 0),
    ),
  }
}

export const isGoodPoisoned = (figure: Poisoned): boolean =>
  figure.poisoned > 0 &&
  figure.quarantined === figure.poisoned &&
  figure.inQuarantine === figure.poisoned &&
  figure.ofAnotherCause === 0 &&
  figure.quarantineMaxMs < quarantineLimitMs &&
  figure.salesBeside > 0 &&
  figure.otherAnswers === 0 &&
  figure.p99Ratio < p99RatioMax

type Sent = Pick<Poison, 'cause'> & {
  readonly publishedAt: number
  /** null: not yet. */
  confirmedAt: number | null
}

const brokerTimeoutMs = 5_000
const lookEveryMs = 200
/** Longer than the limit, so that a late message is reported as late, not as lost. */
const giveUpAfterMs = 30_000
const clockMarginMs = 1_000

/** Publishes poison at a steady pace, straight into the queues, and looks when each message is in quarantine. */
const createPoisoner = (stack: Stack, channel: ConfirmChannel) => {
  const underWay = new Map<string, Sent>()
  const tookMs: number[] = []
  let [poisoned, ofAnotherCause, failedLooks] = [0, 0, 0]

  const publish = (): void => {
    const { messageId, queue, body, cause } = poisonOf(poisoned)
    poisoned += 1
    const sent: Sent = { cause, publishedAt: Date.now(), confirmedAt: null }
    underWay.set(messageId, sent)
    const properties = { persistent: true, messageId, contentType: 'application/cloudevents+json' }
    channel.publish('', queue, body, properties, (refusal: unknown) => {
      // A refused message never comes to quarantine, and so counts as missed.
      if (refusal === null) sent.confirmedAt = Date.now()
    })
  }

  const publishAll = async (count: number): Promise<void> => {
    const startedAt = performance.now()
    for (let sent = 0; sent < count; sent += 1) {
      await pause(Math.max(0, startedAt + (sent * 1_000) / poisonPerSecond - performance.now()))
      publish()
    }
  }

  const look = async (): Promise<void> => {
    if (underWay.size === 0) return
    const oldest = Math.min(...[...underWay.values()].map(({ publishedAt }) => publishedAt))
    // A failed look delays its messages, which is reported.
    const found = await readQuarantine(stack, oldest - clockMarginMs).catch(() => {
      failedLooks += 1
      return []
    })
    const seenAt = Date.now()
    for (const { messageId, cause } of found) {
      const sent = underWay.get(messageId)
      if (sent === undefined || sent.confirmedAt === null) continue
      underWay.delete(messageId)
      tookMs.push(seenAt - sent.confirmedAt)
      if (cause !== sent.cause) ofAnotherCause += 1
    }
  }

  return {
    /** @returns once all are in quarantine, or have been waited for long enough */
    poison: async (count: number): Promise<void> => {
      let giveUpAt = Infinity
      const publishing = publishAll(count).then(
        () => (giveUpAt = performance.now() + giveUpAfterMs),
      )
      while (giveUpAt === Infinity || (underWay.size > 0 && performance.now() < giveUpAt)) {
        await look()
        await pause(lookEveryMs)
      }
      await publishing
    },
    counts: () => {
      const { p50, p99, max } = latencyOf(tookMs)
      return {
        poisoned,
        quarantined: tookMs.length,
        ofAnotherCause,
        failedLooks,
        quarantineP50Ms: p50,
        quarantineP99Ms: p99,
        quarantineMaxMs: max,
      }
    },
  }
}

const pagesMax = 50

/** Reads the messages that came into quarantine since then, by the internal route. */
const readQuarantine = async (stack: Stack, since: number) => {
  const found: QuarantinePage['messages'] = []
  let cursor: string | null = `${since}.${'0'.repeat(32)}`
  for (let pages = 0; cursor !== null && pages < pagesMax; pages += 1) {
    const query = new URLSearchParams({ limit: String(quarantinePageMax), cursor })
    const page: QuarantinePage = QuarantinePage.parse(await ask(stack, `?${query.toString()}`))
    found.push(...page.messages)
    cursor = page.next
  }
  return found
}

const countQuarantine = async (stack: Stack): Promise<number> =>
  QuarantineGroups.parse(await ask(stack, '/groups')).reduce((sum, { count }) => sum + count, 0)

const askTimeoutMs = 10_000

const ask = async (stack: Stack, path: string): Promise<unknown> => {
  const response = await fetch(`${stack.urls.ledger}/internal/quarantine${path}`, {
    headers: { authorization: `Bearer ${stack.serviceToken}` },
    signal: AbortSignal.timeout(askTimeoutMs),
  })
  if (!response.ok) throw new Error(`the quarantine answers ${response.status}`)
  return response.json()
}
