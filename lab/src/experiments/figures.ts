import { hitEveryPoint, hurried, isGoodMatrix } from '../crash-matrix/run.ts'
import { isGoodBrokerRestarts, restartBroker } from './broker-restarts.ts'
import { isGoodBulkhead, sellBesideSlowBundles } from './bulkhead.ts'
import { carrierFigure } from './carrier-figure.ts'
import { isGoodCorrelation, traceSales } from './correlation.ts'
import { progress, type Figure } from './figure.ts'
import { isGoodOutage, sellThroughOutage } from './outage.ts'
import { isGoodPoisoned, sellBesidePoison, usualPlan } from './poison.ts'
import { isGoodRolling, restartInTurn } from './rolling.ts'
import { isGoodSlowClients, sellBesideSlowClients } from './slow-clients.ts'
import { databaseOf, stackDatabases, unlimitedRates } from '@recargas/stack/supervisor'

const outageSeconds = 60
export const seed = 4

/** Log lines would count into the measurement. */
const quiet = {
  sandbox: { SANDBOX_SEED: String(seed) },
  ledger: { LOG_LEVEL: 'warn' },
  gateway: { LOG_LEVEL: 'warn', ...unlimitedRates },
  adapter: { LOG_LEVEL: 'error' },
} as const

const outage: Figure = {
  what: 'sales while the carrier answers nothing but errors for a minute',
  env: quiet,
  measure: async ({ stack }) => {
    console.log(`the carrier fails for ${outageSeconds} s …`)
    const found = await sellThroughOutage(stack, outageSeconds)
    console.table(found)
    return { runs: { outage: found }, isGood: isGoodOutage(found) }
  },
}

const bulkhead: Figure = {
  what: 'top-ups while the carrier takes three seconds for each bundle',
  env: quiet,
  measure: async ({ stack }) => {
    console.log('top-ups alone, then beside slow bundles …')
    const found = await sellBesideSlowBundles(stack)
    console.table(found)
    return { runs: { bulkhead: found }, isGood: isGoodBulkhead(found) }
  },
}

const correlation: Figure = {
  what: 'one id in the answer, the logs, the messages, the attempt and the entries of each sale',
  env: { gateway: unlimitedRates },
  measure: async ({ stack, amqpUrl, options: { sales } }) => {
    const followed = await traceSales(stack, amqpUrl, sales, (sold) => {
      if (sold % 100 === 0) progress(`sold: ${sold}/${sales}`)
    })
    process.stdout.write('\n')
    console.table(followed)
    return { runs: { correlation: followed }, isGood: isGoodCorrelation(followed, sales) }
  },
}

const rolling: Figure = {
  what: 'services stopped and started again in turn under sales, with two gateways',
  onlyNamed: true,
  env: quiet,
  measure: async ({ stack, options: { restarts = 20 } }) => {
    const second = await stack.another('gateway', 'second-gateway')
    await second.start()
    try {
      const plan = { restarts, tills: 8, betweenMs: 1_500 }
      const found = await restartInTurn(stack, second, plan, (count) =>
        progress(`${count}/${restarts} restarts`),
      )
      process.stdout.write('\n')
      console.log(found)
      return { runs: { rolling: found }, isGood: isGoodRolling(found) }
    } finally {
      await second.stop()
    }
  },
}

const brokerRestarts: Figure = {
  what: 'how soon every service consumes again, and what is left behind',
  onlyNamed: true,
  env: quiet,
  measure: async ({ stack, servers: { native }, options: { restarts = 50 } }) => {
    if (native === null) throw new Error('broker-restarts needs a broker of its own: not this one')
    const parts = { stack, rabbitmq: native.rabbitmq, logs: stack.logFolder }
    const found = await restartBroker(parts, restarts, (count, slowestMs) =>
      console.log(`${count}/${restarts}: all consume again after ${slowestMs} ms`),
    )
    console.log(found)
    return { runs: { 'broker restarts': found }, isGood: isGoodBrokerRestarts(found) }
  },
}

const slowClients: Figure = {
  what: 'cashiers beside a thousand slow connections and one person’s flood',
  // The gateway's limits are the very thing that is measured.
  env: { ...quiet, gateway: { LOG_LEVEL: 'warn' } },
  measure: async ({ stack, options: { rounds = 4, seconds = 20 } }) => {
    console.log('cashiers alone and beside slow clients, in turns …')
    const found = await sellBesideSlowClients(stack, { rounds, seconds })
    console.table(found)
    return { runs: { slowClients: found }, isGood: isGoodSlowClients(found) }
  },
}

const poison: Figure = {
  what: 'sales over all partitions beside 1,000 messages that nobody can take: how soon each is set aside',
  onlyNamed: true,
  // The consumers' warnings are part of the cost of poison messages.
  env: { ...quiet, adapter: { LOG_LEVEL: 'warn' } },
  measure: async (measuring) => {
    const { rounds = usualPlan.rounds, seconds = usualPlan.seconds } = measuring.options
    console.log('sales alone and beside poison, in turns …')
    const found = await sellBesidePoison(measuring, { rounds, seconds }, (round, alone, beside) =>
      console.log(`${round}/${rounds}: p99 ${alone.p99} ms alone, ${beside.p99} ms beside`),
    )
    console.table(found)
    return { runs: { poison: found }, isGood: isGoodPoisoned(found) }
  },
}

const timesInARow = 2

const crashMatrix: Figure = {
  what: 'every service killed at the first and the second passing of each of its crash points, under sales',
  onlyNamed: true,
  env: {
    sandbox: quiet.sandbox,
    ledger: { ...quiet.ledger, ...hurried.ledger },
    gateway: { ...quiet.gateway, ...hurried.gateway },
    adapter: { ...quiet.adapter, ...hurried.adapter },
  },
  measure: async ({ stack, servers }) => {
    const administrationUri = databaseOf(servers.mongodbUri, stackDatabases('_crash-matrix').ledger)
    const part = { ...stack, administrationUri }
    const found = await hitEveryPoint(part, timesInARow, (point, tookMs) =>
      console.log(`${point}: ${Math.round(tookMs)} ms`),
    )
    const { hits, ...counts } = found
    console.table({ hits: hits.length, ...counts })
    return { runs: { 'crash matrix': found }, isGood: isGoodMatrix(found) }
  },
}

/** Each on a stack of its own. */
export const stackFigures = {
  carrier: carrierFigure(quiet),
  outage,
  bulkhead,
  correlation,
  'slow-clients': slowClients,
  poison,
  rolling,
  'broker-restarts': brokerRestarts,
  'crash-matrix': crashMatrix,
} as const satisfies Readonly<Record<string, Figure>>
