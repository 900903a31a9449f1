import { setTimeout as pause } from 'node:timers/promises'
import { ledgerQueue, QuarantineResults } from '@recargas/contracts'
import mongoose from 'mongoose'
import type { Mongod } from '@recargas/stack/mongod'
import type { Rabbitmq } from '@recargas/stack/rabbitmq'
import { publishText } from '@recargas/stack/rabbitmq-management'
import { databaseOf, stackDatabases, type Stack } from '@recargas/stack/supervisor'
import { control } from '../../till/carrier-control.ts'
import { eventually, expectStatus, newNumber, type Shop } from '../../till/shop.ts'
import { damageBlock, refuseStatementLines } from './damage-log.ts'
import { plantImbalance } from './plant-imbalance.ts'

/** A fault with the alert that must fire. */
export type Fault = {
  readonly name: string
  readonly alert: string
  /** Prepares the state before the fault. */
  readonly prepare?: () => Promise<unknown>
  readonly inject: () => Promise<unknown>
  readonly heal: () => Promise<unknown>
}

/** A whole system on servers of its own, with a shop that sells. */
export type Broken = {
  readonly stack: Stack
  readonly mongod: Mongod
  readonly rabbitmq: Rabbitmq
  readonly vhost: string
  readonly shop: Shop
}

/** The shop's first amounts, chosen so that the two sales of `floatLow` take most of the float. */
export const shopBegins = { cash: 50_000, float: 1_000 } as const

const soldMost = 300
const bought = 20_000
/** The limit of the alert OldestSalePending. */
const pendingLimitMs = 120_000
const stepDownSeconds = 600
const noDiskIsEnough = '1000000000000000'
const usualDiskLimit = '50000000'

/** Two groups that are broken at the same time, each in its own order. */
export const faultGroups: readonly ((broken: Broken) => readonly Fault[])[] = [
  (broken) => [
    // Needs a running ledger and database, which report the quarantine.
    quarantineFilled(broken),
    floatLow(broken),
    imbalancePlanted(broken),
    projectionRefused(broken),
    carrierDown(broken),
    brokerBlocked(broken),
  ],
  (broken) => [
    ledgerStopped(broken),
    blockDamaged(broken),
    mongodbWithoutPrimary(broken),
    pendingTooLong(broken),
  ],
]

const carrierDown = ({ stack, shop }: Broken): Fault => ({
  name: 'carrier down',
  alert: 'CarrierBreakerOpen',
  inject: async () => {
    await control(stack.urls.sandbox, 'POST', '/_scenario', {
      scenario: 'error-500',
      probability: 1,
      match: { endpoint: 'any' },
    })
    await sellUntil(shop, 503)
  },
  heal: async () => {
    await control(stack.urls.sandbox, 'DELETE', '/_scenario')
    await sellUntil(shop, 201)
  },
})

const sellUntil = async (shop: Shop, wanted: number): Promise<void> => {
  const sell = () => shop.sell(newNumber(), 1, { prefer: 'wait=1' })
  await eventually(sell, ({ status }) => status === wanted)
}

const brokerBlocked = ({ rabbitmq }: Broken): Fault => ({
  name: 'broker blocked',
  alert: 'BrokerBlocked',
  inject: () => rabbitmq.control(['set_disk_free_limit', noDiskIsEnough]),
  heal: () => rabbitmq.control(['set_disk_free_limit', usualDiskLimit]),
})

const floatLow = ({ shop }: Broken): Fault => ({
  name: 'float low',
  alert: 'FloatRunwayLow',
  inject: async () => {
    await expectStatus(201, shop.sell(newNumber(), soldMost))
    await expectStatus(201, shop.sell(newNumber(), soldMost))
  },
  heal: async () => {
    const injection = { operadora_destino: 'Tigo', monto: bought, id_caja_sesion: shop.sessionId }
    await expectStatus(201, shop.administrator.post('/recargas/inyeccion', injection))
  },
})

const imbalancePlanted = ({ stack }: Broken): Fault => {
  let undo = () => Promise.resolve()
  return {
    name: 'imbalance planted',
    alert: 'LedgerImbalance',
    inject: async () => {
      undo = await plantImbalance(stack.ledgerUri)
    },
    heal: () => undo(),
  }
}

/** The ledger's database as an administrator. */
const administrationOf = ({ mongod }: Broken): string =>
  databaseOf(mongod.uri, stackDatabases().ledger)

const projectionRefused = (broken: Broken): Fault => ({
  name: 'projection refused',
  alert: 'ProjectionFailing',
  inject: async () => {
    await refuseStatementLines(administrationOf(broken), true)
    await expectStatus(201, broken.shop.sell(newNumber(), 1))
  },
  heal: () => refuseStatementLines(administrationOf(broken), false),
})

const blockDamaged = (broken: Broken): Fault => {
  const { ledger } = broken.stack.processes
  let undo = () => Promise.resolve()
  /** A log that is taken over is read. */
  const restart = async () => {
    await ledger.stop()
    await ledger.start()
  }
  return {
    name: 'block damaged',
    alert: 'PartitionDamaged',
    inject: async () => {
      undo = await damageBlock(administrationOf(broken))
      await restart()
    },
    heal: async () => {
      await undo()
      await restart()
    },
  }
}

const quarantineFilled = ({ stack, rabbitmq: { managementUrl }, vhost }: Broken): Fault => ({
  name: 'quarantine filled',
  alert: 'QuarantineNotEmpty',
  inject: () => publishText(managementUrl, { vhost, queue: ledgerQueue(0), text: 'no command' }),
  heal: async () => {
    const response = await fetch(`${stack.urls.ledger}/internal/quarantine/discard`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${stack.serviceToken}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({
        by: 'the figure of the alerts',
        reason: 'it was sent to be set aside',
        dryRun: false,
        choice: { of: 'group', filter: {}, before: new Date().toISOString(), limit: 100 },
      }),
    })
    QuarantineResults.parse(await response.json())
  },
})

const ledgerStopped = ({ stack }: Broken): Fault => ({
  name: 'ledger stopped',
  alert: 'TargetDown',
  inject: () => stack.processes.ledger.stop(),
  heal: () => stack.processes.ledger.start(),
})

const mongodbWithoutPrimary = ({ mongod }: Broken): Fault => {
  const command = async (order: mongoose.mongo.Document) => {
    // As the administrator, and straight to the one member: a client of the set would look for a primary.
    const uri = mongod.uri.replace(/\?.*$/, '')
    const client = new mongoose.mongo.MongoClient(uri, { directConnection: true })
    try {
      await client.db('admin').command(order)
    } finally {
      await client.close()
    }
  }
  return {
    name: 'MongoDB without primary',
    alert: 'PartNotReady',
    inject: () => command({ replSetStepDown: stepDownSeconds, force: true }),
    heal: () => command({ replSetFreeze: 0 }),
  }
}

/** The carrier leaves one number unclear for as long as the scenario stands, and each repeat of its sale as well. */
const pendingTooLong = ({ stack, shop }: Broken): Fault => ({
  name: 'clock of pending exceeded',
  alert: 'OldestSalePending',
  prepare: async () => {
    const number = newNumber()
    await control(stack.urls.sandbox, 'POST', '/_scenario', {
      scenario: 'error-500',
      probability: 1,
      match: { number },
    })
    await expectStatus(202, shop.sell(number, 1, { prefer: 'wait=1' }))
    await pause(pendingLimitMs)
  },
  // The scenario's time is over: no further action is needed.
  inject: () => Promise.resolve(),
  heal: () => control(stack.urls.sandbox, 'DELETE', '/_scenario'),
})

/** Twenty repeats, one each twenty seconds: a sale stays pending while the others are broken, and ends soon after. */
export const patientRepeats = Array.from({ length: 20 }, (_, index) => 20 * (index + 1)).join(',')
