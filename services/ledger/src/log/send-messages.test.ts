import { expect, test } from '@jest/globals'
import { silentLog } from '@recargas/runtime'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'
import { blocksBehindMax, bytesBehindMax, createMessageSender } from './send-messages.ts'

const message: OutgoingMessage = {
  to: { carrier: 'tpaga', kind: 'topup' },
  id: 'm',
  type: 'FundsReserved.v1',
  correlationId: 'c',
  body: '{}',
}

const aSender = () => {
  const behind = new Map<number, number>()
  const lag = { blocks: 0, bytes: 0 }
  let confirm: () => void = () => undefined
  const sender = createMessageSender({
    send: (messages) =>
      messages.length === 0
        ? Promise.resolve(true)
        : new Promise((resolve) => (confirm = () => resolve(true))),
    projector: { lag: () => lag, blocksBehind: (partition) => behind.get(partition) ?? 0 },
    log: silentLog,
  })
  return { sender, behind, lag, confirm: () => confirm() }
}
/** @returns true when the partition may append at once */
const goesOn = async (waiting: Promise<void>): Promise<boolean> => {
  let isOver = false
  void waiting.then(() => (isOver = true))
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve()
  return isOver
}

test('a partition whose projections lag too far waits, the others go on', async () => {
  const { sender, behind } = aSender()
  behind.set(3, blocksBehindMax)
  const waiting = sender.waitForCapacity(3)
  expect(await goesOn(waiting)).toBe(false)
  expect(await goesOn(sender.waitForCapacity(4))).toBe(true)
  behind.set(3, blocksBehindMax - 1)
  sender.lagChanged()
  expect(await goesOn(waiting)).toBe(true)
})

test('too many bytes behind hold up every partition', async () => {
  const { sender, lag } = aSender()
  lag.bytes = bytesBehindMax
  expect(await goesOn(sender.waitForCapacity(4))).toBe(false)
})

test('messages that the broker has not confirmed hold up the next batch, up to a number', async () => {
  const { sender, confirm } = aSender()
  sender.send(
    Array.from({ length: 1_000 }, () => message),
    [],
  )
  const waiting = sender.waitForCapacity(4)
  expect(await goesOn(waiting)).toBe(false)
  confirm()
  await sender.drained()
  expect(await goesOn(waiting)).toBe(true)
})
