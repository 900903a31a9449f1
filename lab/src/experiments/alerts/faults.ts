import { setTimeout as pause } from 'node:timers/promises'
import { ledgerQueue } from '@recargas/contracts'
import type { Mongod } from '@recargas/stack/mongod'
import type { Rabbitmq } from '@recargas/stack/rabbitmq'
import { publishText } from '@recargas/stack/rabbitmq-management'
import { damageBlock, plantImbalance, refuseStatementLines } from '../../runner/damage-ledger.ts'
import { withDatabase } from '../../runner/ledger-database.ts'
import { quarantineOf } from '../../runner/quarantine.ts'
import type { System } from '../../runner/system.ts'
import { answerBy, answerWell } from '../../till/carrier-control.ts'
import { expectStatus, newNumber, sellUntil, type Shop } from '../../till/shop.ts'

/** A fault with the alert that must fire. */
export type Fault = {
  readonly name: string
  readonly alert: string
  readonly prepare?: () => Promise<unknown>
  /** @returns a function that heals it */
  readonly begin: () => Promise<() => Promise<unknown>>
}

/** A whole system on servers of its own, with a shop that sells. */
export type Broken = {
  readonly system: System
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

const carrierDown = ({ system, shop }: Broken): Fault => ({
  name: 'carrier down',
  alert: 'CarrierBreakerOpen',
  begin: async () => {
    const { sandbox } = system.urls
    await answerBy(sandbox, { scenario: 'error-500', match: { endpoint: 'any' } })
    await sellUntil(shop, 503)
    return async () => {
      await answerWell(sandbox)
      await sellUntil(shop, 201)
    }
  },
})

const brokerBlocked = ({ rabbitmq }: Broken): Fault => ({
  name: 'broker blocked',
  alert: 'BrokerBlocked',
  begin: async () => {
    await rabbitmq.control(['set_disk_free_limit', noDiskIsEnough])
    return () => rabbitmq.control(['set_disk_free_limit', usualDiskLimit])
  },
})

const floatLow = ({ shop }: Broken): Fault => ({
  name: 'float low',
  alert: 'FloatRunwayLow',
  begin: async () => {
    await expectStatus(201, shop.sell(newNumber(), soldMost))
    await expectStatus(201, shop.sell(newNumber(), soldMost))
    const injection = { operadora_destino: 'Tigo', monto: bought, id_caja_sesion: shop.sessionId }
    return () => expectStatus(201, shop.administrator.post('/recargas/inyeccion', injection))
  },
})

const imbalancePlanted = ({ system }: Broken): Fault => ({
  name: 'imbalance planted',
  alert: 'LedgerImbalance',
  begin: () => plantImbalance(system.ledgerUri),
})

const projectionRefused = ({ system: { administrationUri }, shop }: Broken): Fault => ({
  name: 'projection refused',
  alert: 'ProjectionFailing',
  begin: async () => {
    await refuseStatementLines(administrationUri, true)
    await expectStatus(201, shop.sell(newNumber(), 1))
    return () => refuseStatementLines(administrationUri, false)
  },
})

const blockDamaged = ({ system }: Broken): Fault => {
  const { ledger } = system.processes
  /** At its start a ledger takes partitions over and reads their logs. */
  const restart = async () => {
    await ledger.stop()
    await ledger.start()
  }
  return {
    name: 'block damaged',
    alert: 'PartitionDamaged',
    begin: async () => {
      const undo = await damageBlock(system.administrationUri)
      await restart()
      return () => undo().then(restart)
    },
  }
}

const quarantineFilled = ({ system, rabbitmq: { managementUrl }, vhost }: Broken): Fault => ({
  name: 'quarantine filled',
  alert: 'QuarantineNotEmpty',
  begin: async () => {
    await publishText(managementUrl, { vhost, queue: ledgerQueue(0), text: 'no command' })
    return () =>
      quarantineOf(system).discardAll('the figure of the alerts', 'it was sent to be set aside')
  },
})

const ledgerStopped = ({ system: { processes } }: Broken): Fault => ({
  name: 'ledger stopped',
  alert: 'TargetDown',
  begin: async () => {
    await processes.ledger.stop()
    return () => processes.ledger.start()
  },
})

const mongodbWithoutPrimary = ({ mongod }: Broken): Fault => {
  // As the administrator, and straight to the one member: a client of the set would look for a primary.
  const uri = mongod.uri.replace(/\?.*$/, '?directConnection=true')
  const command = (order: Readonly<Record<string, unknown>>) =>
    withDatabase(uri, (db) => db.admin().command(order))
  return {
    name: 'MongoDB without primary',
    alert: 'PartNotReady',
    begin: async () => {
      await command({ replSetStepDown: stepDownSeconds, force: true })
      return () => command({ replSetFreeze: 0 })
    },
  }
}

/** The carrier leaves one number unclear for as long as the scenario stands, and each repeat of its sale as well. */
const pendingTooLong = ({ system: { urls }, shop }: Broken): Fault => ({
  name: 'clock of pending exceeded',
  alert: 'OldestSalePending',
  prepare: async () => {
    const number = newNumber()
    await answerBy(urls.sandbox, { scenario: 'error-500', match: { number } })
    await expectStatus(202, shop.sell(number, 1, { prefer: 'wait=1' }))
    await pause(pendingLimitMs)
  },
  // The sale has been pending for long enough: no further action is needed.
  begin: () => Promise.resolve(() => answerWell(urls.sandbox)),
})

/** Twenty repeats, one each twenty seconds: a sale stays pending while the others are broken, and ends soon after. */
export const patientRepeats = Array.from({ length: 20 }, (_, index) => 20 * (index + 1)).join(',')
