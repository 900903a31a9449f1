import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  ledgerQueue,
  MerchantId,
  partitionCount,
  partitionOf,
  partitions,
} from '@recargas/contracts'
import { eventually } from '@recargas/runtime/testing'
import { aCaja, idOf } from '../testing/builders.ts'
import { startWholeLedger, type WholeLedger } from '../testing/whole-ledger.ts'

let ledger: WholeLedger
beforeAll(async () => {
  ledger = await startWholeLedger()
}, 60_000)
afterAll(() => ledger.close(), 30_000)

const merchantOf = (partition: number): MerchantId => {
  for (let number = 0; ; number += 1) {
    const merchant = MerchantId.parse(`shop-${number}`)
    if (partitionOf(merchant) === partition) return merchant
  }
}

const commandOf = (merchant: MerchantId) => {
  const acceptUntil = new Date(Date.now() + 600_000).toISOString()
  const operation = aCaja({ merchant, acceptUntil })
  const id = idOf(operation)
  return {
    specversion: '1.0',
    id,
    source: 'api-gateway',
    type: 'CreateCaja.v1',
    subject: id,
    time: new Date().toISOString(),
    correlationid: id,
    data: operation.data,
  }
}

const bytes = (content: unknown): Buffer => Buffer.from(JSON.stringify(content))
const mebibyte = 1024 * 1024

/** Every kind of message that the ledger must not apply, with the cause of its quarantine. */
const badMessages = (partition: number) => {
  const own = merchantOf(partition)
  const foreign = commandOf(merchantOf((partition + 1) % partitionCount))
  return [
    { name: 'truncated', body: bytes(commandOf(own)).subarray(0, 100), cause: 'UNREADABLE' },
    {
      name: 'unknown type',
      body: bytes({ ...commandOf(own), type: 'GiveMoney.v1' }),
      cause: 'INVALID',
    },
    {
      name: 'unknown version',
      body: bytes({ ...commandOf(own), type: 'CreateCaja.v2' }),
      cause: 'INVALID',
    },
    {
      name: 'of 1 MB',
      body: bytes({ ...commandOf(own), subject: 'x'.repeat(mebibyte) }),
      cause: 'INVALID',
    },
    { name: 'for another partition', body: bytes(foreign), cause: 'WRONG_PARTITION' },
  ]
}

it('dead-letters a message that does not belong to its queue, with its cause, and applies its neighbours', async () => {
  const good: string[] = []
  const aGoodOne = (partition: number) => {
    const command = commandOf(merchantOf(partition))
    good.push(command.id)
    return command
  }
  const expected: string[] = []
  for (const partition of partitions) {
    const queue = ledgerQueue(partition)
    const first = aGoodOne(partition)
    await ledger.put(queue, first.id, bytes(first))
    for (const { name, body, cause } of badMessages(partition)) {
      expected.push(`${queue} ${cause}`)
      await ledger.put(queue, `${name} ${partition}`, body)
    }
    const inside = { ...commandOf(merchantOf(partition)), type: 'GiveMoney.v1' }
    const many = [aGoodOne(partition), inside, aGoodOne(partition)]
    expected.push(`${queue} INVALID`)
    await ledger.put(queue, `array ${partition}`, bytes(many))
  }

  const quarantined = await ledger.quarantined(expected.length)
  expect(quarantined.map(({ queue, cause }) => `${queue} ${cause}`).sort()).toEqual(
    [...expected].sort(),
  )
  expect(quarantined.filter(({ detail }) => detail === '')).toEqual([])
  expect(quarantined.filter(({ arrivals }) => arrivals !== 1)).toEqual([])
  const foreign = quarantined.find(
    ({ cause, queue }) => cause === 'WRONG_PARTITION' && queue === 'ledger.3.v1',
  )
  expect(foreign?.detail).toMatch(/^shop-\d+ is of partition 4, not of 3$/)

  const operations = ledger.database.db.collection('operations')
  await eventually(
    () => operations.countDocuments({ entry: { $in: good } }),
    (applied) => applied >= good.length,
    { timeoutMs: 30_000, everyMs: 50 },
  )
  expect(await operations.countDocuments({})).toBe(good.length)
}, 60_000)
