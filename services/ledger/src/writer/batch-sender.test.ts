import { expect, test } from '@jest/globals'
import { silentLog } from '@recargas/service'
import { createBatchSender } from './batch-sender.ts'
import type { OutboxMessage } from './ports.ts'

/** A broker that confirms when it is told to. */
const aSender = () => {
  const confirms: (() => void)[] = []
  const sender = createBatchSender({
    send: (messages) =>
      messages.length === 0
        ? Promise.resolve(true)
        : new Promise((resolve) => confirms.push(() => resolve(true))),
    forgetSent: () => Promise.resolve(),
    log: silentLog,
  })
  const confirmAll = () => {
    for (const confirm of confirms.splice(0)) confirm()
  }
  return { sender, confirmAll }
}
const news = (count: number): OutboxMessage[] =>
  Array.from({ length: count }, (_, index) => ({
    to: 'gateways',
    id: String(index),
    type: 'FundsRefused.v1',
    correlationId: '',
    body: '{}',
  }))
const isOpen = async (room: Promise<void>): Promise<boolean> =>
  Promise.race([
    room.then(() => true),
    new Promise<boolean>((resolve) => setImmediate(() => resolve(false))),
  ])

test('a writer runs no more than a thousand messages ahead of the broker', async () => {
  const { sender, confirmAll } = aSender()
  sender.send(null, news(999))
  expect(await isOpen(sender.room())).toBe(true)
  sender.send(null, news(1))
  const room = sender.room()
  expect(await isOpen(room)).toBe(false)
  confirmAll()
  await sender.drained()
  expect(await isOpen(room)).toBe(true)
  expect(await isOpen(sender.room())).toBe(true)
})
