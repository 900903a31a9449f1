import { expect, it } from '@jest/globals'
import { isDeadLetteredWithCause } from './broker-messages.ts'

const id = 'chaos-poison-1'
const body = JSON.stringify({ chaos: id })
const ours = { 'origin-queue': 'ledger.commands.0', 'last-error-code': 'INVALID' }
const brokers = { 'x-death': [{ reason: 'delivery_limit', queue: 'ledger.commands.0' }] }
/** The stored copy keeps the broker's headers as text. */
const storedBrokers = { 'x-death': JSON.stringify([{ ...brokers['x-death'][0], ...ours }]) }

it.each([
  ['in the queue', true, `${JSON.stringify(ours)} ${body}`],
  ['as it is stored', true, JSON.stringify({ messageId: id, headers: ours, body })],
  ['of another message', false, JSON.stringify({ messageId: 'another', headers: ours, body: '' })],
  ['of the broker in the queue', false, `${JSON.stringify(brokers)} ${body}`],
  [
    'of the broker as it is stored',
    false,
    JSON.stringify({
      messageId: id,
      cause: 'DELIVERY_LIMIT',
      detail: 'set aside by the broker: delivery_limit',
      headers: storedBrokers,
      body,
    }),
  ],
])('a dead letter %s is quarantined with its cause: %s', (_, isWithCause, letter) => {
  expect(isDeadLetteredWithCause(letter, id)).toBe(isWithCause)
})
