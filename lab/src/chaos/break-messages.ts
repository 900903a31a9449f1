import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { adapterQueue } from '@recargas/contracts'
import { waitUntil } from '@recargas/stack/wait-until'
import {
  captureCopies,
  commandIn,
  merchantQueue,
  orphanOf,
  poisonMark,
  publishTo,
  setDeadBinding,
  type Copy,
} from './broker-messages.ts'
import { counted, missed, type Injection, type Outcome } from './injection.ts'
import { isAlive } from './instances.ts'
import type { MessageFault } from './plan.ts'

/** A command copied so late would be refused for its age alone. */
const captureMs = 2_500
const copiesWanted = 60
const copiesOfEach = 3
const poisonHoldMs = 3_000
const orphans = 10
/** The ledger of the run takes presses up to so far ahead. */
const orphanAcceptMs = 60_000
/** From the broker's confirm until a consumer surely holds the message. */
const inHandMs = 1_000
const databasePauseMs = 500
const carryOutLimitMs = 60_000

export const breakMessages = (injection: Injection, fault: MessageFault): Promise<Outcome> => {
  switch (fault.kind) {
    case 'duplicate messages':
      return duplicate(injection)
    case 'reorder messages':
      return reorder(injection)
    case 'poison unbound':
      return poisonUnbound(injection)
    case 'kill ledgers in hand':
      return killInHand(injection)
  }
}

const capture = ({ stack, merchant }: Injection): Promise<readonly Copy[]> =>
  captureCopies(stack.broker.amqpUrl, merchant, captureMs, ({ length }) => length >= copiesWanted)

const again = ({ stack }: Injection, copies: readonly Copy[]): Promise<void> =>
  publishTo(
    stack.broker.amqpUrl,
    copies.map(({ queue, body, properties }) => ({
      queue,
      body,
      messageId: String(properties.messageId),
      type: String(properties.type),
    })),
  )

/** Commands, jobs and verdicts of the last moments come several times more, in any order. */
const duplicate = async (injection: Injection): Promise<Outcome> => {
  const copies = await capture(injection)
  if (copies.length === 0) return missed('nothing was published')
  const many = copies.flatMap((copy) => Array.from({ length: copiesOfEach }, () => copy))
  const shuffled = many
    .map((copy) => ({ copy, place: injection.random() }))
    .sort((one, other) => one.place - other.place)
  await again(
    injection,
    shuffled.map(({ copy }) => copy),
  )
  return counted
}

/**
 * Publishes the first captured message again after the last one: a late verdict after an early one, a job after its verdict.
 */
const reorder = async (injection: Injection): Promise<Outcome> => {
  const copies = await capture(injection)
  if (copies.length < 2) return missed('too little was published')
  await again(injection, [...copies].reverse())
  return counted
}

/** No message of the system, while the dead letters' queue is bound to nothing: it must not be lost all the same. */
const poisonUnbound = async ({ stack, merchant, sent }: Injection): Promise<Outcome> => {
  const { amqpUrl } = stack.broker
  await setDeadBinding(amqpUrl, false)
  try {
    const messages = [merchantQueue(merchant), adapterQueue('tpaga', 'topup')].map((queue) => {
      const id = `${poisonMark}${randomUUID()}`
      return { queue, messageId: id, body: Buffer.from(JSON.stringify({ chaos: id })) }
    })
    await publishTo(amqpUrl, messages)
    for (const { messageId } of messages) sent({ kind: 'poison', id: messageId })
    await pause(poisonHoldMs)
  } finally {
    // A consumer that could not dead-letter a message has bound the queue again by now, or never will.
    await setDeadBinding(amqpUrl, true)
  }
  return counted
}

/**
 * Publishes commands that no gateway will repeat to a ledger whose database does not answer, then kills every ledger. A command
 * that the broker confirmed must still be carried out.
 */
const killInHand = async (injection: Injection): Promise<Outcome> => {
  const { stack, merchant, sent, random } = injection
  const { amqpUrl } = stack.broker
  const copies = await captureCopies(
    amqpUrl,
    merchant,
    captureMs * 3,
    (found) => commandIn(found) !== null,
  )
  const command = commandIn(copies)
  if (command === null) return missed('no command was published')
  const ledgers = stack.of('ledger')
  const [first, second] = ledgers
  if (first === undefined || second === undefined) return missed('no ledgers')
  return first.alone(() =>
    second.alone(async () => {
      const pids = ledgers.map(({ process }) => process.pid())
      if (pids.includes(null)) {
        await Promise.all(ledgers.map(({ revive }) => revive()))
        return missed('a ledger was not alive')
      }
      const { members } = stack.mongodb
      const numbers = 50_000_000 + Math.floor(random() * 9_000_000)
      const commands = Array.from({ length: orphans }, (_, index) =>
        orphanOf(command, String(numbers + index), orphanAcceptMs),
      )
      const operationIds = commands.map(({ operationId }) => operationId)
      try {
        for (const member of members) stack.mongodb.signal(member, 'SIGSTOP')
        await pause(databasePauseMs)
        const queue = merchantQueue(merchant)
        await publishTo(
          amqpUrl,
          commands.map(({ messageId, body, type }) => ({ queue, messageId, body, type })),
        )
        for (const id of operationIds) sent({ kind: 'command', id })
        await pause(inHandMs)
        await Promise.all(ledgers.map(({ process }) => process.kill('SIGKILL')))
      } finally {
        for (const member of members) stack.mongodb.signal(member, 'SIGCONT')
      }
      const areGone = pids.every((pid) => pid !== null && !isAlive(pid))
      await stack.mongodb.waitPrimary()
      await Promise.all(ledgers.map(({ revive }) => revive()))
      // Wiping the broker next would lose commands that no gateway repeats, and rightly so. After the limit the run goes on:
      // the oracle reports them.
      await waitUntil('the commands are carried out', carryOutLimitMs, () =>
        injection.areCarriedOut(operationIds),
      ).catch(() => undefined)
      return areGone ? counted : missed('a ledger is still there')
    }),
  )
}
