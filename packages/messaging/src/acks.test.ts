import { expect, test } from '@jest/globals'
import type { ConsumeMessage } from 'amqplib'
import { createAcks } from './acks.ts'

/** Deliveries 1 to 5 in hand, with the acknowledgements recorded. */
const five = () => {
  const frames: string[] = []
  const acks = createAcks((message, allUpTo) => {
    frames.push(`${allUpTo ? 'up to ' : ''}${message.fields.deliveryTag}`)
  })
  const messages = [1, 2, 3, 4, 5].map(
    (deliveryTag) => ({ fields: { deliveryTag } }) as ConsumeMessage,
  )
  for (const message of messages) acks.received(message)
  const done = (...tags: number[]) => {
    for (const tag of tags) {
      const message = messages[tag - 1]
      if (message !== undefined) acks.done(message)
    }
  }
  return { frames, acks, done }
}

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('all that is done in one turn is acknowledged in one frame', async () => {
  const { frames, done } = five()
  done(2, 1, 3, 5, 4)
  expect(frames).toEqual([])
  await turn()
  expect(frames).toEqual(['up to 5'])
})

test('nothing that is still in hand is acknowledged with the rest', async () => {
  const { frames, done } = five()
  done(1, 3, 5)
  await turn()
  expect(frames).toEqual(['up to 1', '3', '5'])
  done(2)
  await turn()
  expect(frames).toEqual(['up to 1', '3', '5', 'up to 2'])
  done(4)
  await turn()
  expect(frames.slice(4)).toEqual(['up to 4'])
})

test('a flushed delivery is not acknowledged a second time', async () => {
  const { frames, acks, done } = five()
  done(1, 2)
  acks.flush()
  acks.flush()
  await turn()
  expect(frames).toEqual(['up to 2'])
})
