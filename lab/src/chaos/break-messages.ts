import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { adapterQueue } from '@recargas/contracts'
import { waitUntil } from '@recargas/stack/readiness'
import { publishTo, type Outgoing } from '../runner/broker.ts'
import { hotQueue } from '../runner/shops.ts'
import { isAlive } from '../runner/usage.ts'
import {
  captureCopies,
  commandIn,
  orphanOf,
  poisonMark,
  setDeadBinding,
} from './broker-messages.ts'
import { shuffled } from './plan.ts'
import { counted, missed, type Break, type FaultContext, type Outcome } from './break.ts'

/** Time for copying messages: an older command would be refused for its age alone. */
const captureMs = 2_500
const copiesWanted = 60
const copiesOfEach = 3
const poisonHoldMs = 3_000
const orphans = 10
/** `ACCEPT_UNTIL_MS` of the run's ledgers. */
const orphanAcceptMs = 60_000
/** From the broker's confirm until a consumer surely holds the message. */
const inHandMs = 1_000
const databasePauseMs = 500
const carryOutLimitMs = 60_000

const capture = ({ stack }: FaultContext): Promise<readonly Outgoing[]> =>
  captureCopies(stack.broker.amqpUrl, captureMs, ({ length }) => length >= copiesWanted)

/** Publishes the commands, jobs and verdicts of the last moments several times more, in random order. */
const duplicate: Break = async (context) => {
  const copies = await capture(context)
  if (copies.length === 0) return missed('nothing was published')
  const many = copies.flatMap((copy) => Array.from({ length: copiesOfEach }, () => copy))
  await publishTo(context.stack.broker.amqpUrl, shuffled(many, context.random))
  return counted
}

/**
 * Publishes the first captured message again after the last one: a late verdict after an early one, a job after its verdict.
 */
const reorder: Break = async (context) => {
  const copies = await capture(context)
  if (copies.length < 2) return missed('too little was published')
  await publishTo(context.stack.broker.amqpUrl, [...copies].reverse())
  return counted
}

/** Publishes messages that no consumer knows while the dead-letter queue is unbound: none may be lost. */
const poisonUnbound: Break = async ({ stack, sent }) => {
  const { amqpUrl } = stack.broker
  await setDeadBinding(amqpUrl, false)
  try {
    const messages = [hotQueue, adapterQueue('tpaga', 'topup')].map((queue) => {
      const id = `${poisonMark}${randomUUID()}`
      return { queue, messageId: id, body: Buffer.from(JSON.stringify({ chaos: id })) }
    })
    await publishTo(amqpUrl, messages)
    for (const { messageId } of messages) sent({ kind: 'poison', id: messageId })
    await pause(poisonHoldMs)
  } finally {
    // A consumer that cannot dead-letter a message binds the queue again itself, within the time waited.
    await setDeadBinding(amqpUrl, true)
  }
  return counted
}

/**
 * Publishes commands that no gateway will repeat to a ledger whose database does not answer, then kills every ledger. A command
 * that the broker confirmed must still be carried out.
 */
const killInHand: Break = async (context) => {
  const { stack, random } = context
  const copies = await captureCopies(
    stack.broker.amqpUrl,
    captureMs * 3,
    (found) => commandIn(found) !== null,
  )
  const command = commandIn(copies)
  if (command === null) return missed('no command was published')
  const [first, second] = stack.of('ledger')
  if (first === undefined || second === undefined) return missed('no ledgers')
  const numbers = 50_000_000 + Math.floor(random() * 9_000_000)
  const commands = Array.from({ length: orphans }, (_, index) =>
    orphanOf(command, String(numbers + index), orphanAcceptMs),
  )
  return first.alone(() => second.alone(() => killLedgersWith(context, commands)))
}

type Orphan = ReturnType<typeof orphanOf>

const killLedgersWith = async (
  context: FaultContext,
  commands: readonly Orphan[],
): Promise<Outcome> => {
  const { stack, sent } = context
  const { mongodb, broker } = stack
  const ledgers = stack.of('ledger')
  const revive = () => Promise.all(ledgers.map((ledger) => ledger.revive()))
  const pids = ledgers.map(({ process }) => process.pid())
  if (pids.includes(null)) {
    await revive()
    return missed('a ledger was not alive')
  }
  const operationIds = commands.map(({ operationId }) => operationId)
  try {
    for (const member of mongodb.members) member.signal('SIGSTOP')
    await pause(databasePauseMs)
    await publishTo(
      broker.amqpUrl,
      commands.map(({ message }) => message),
    )
    for (const id of operationIds) sent({ kind: 'command', id })
    await pause(inHandMs)
    await Promise.all(ledgers.map(({ process }) => process.kill('SIGKILL')))
  } finally {
    for (const member of mongodb.members) member.signal('SIGCONT')
  }
  const areGone = pids.every((pid) => pid !== null && !isAlive(pid))
  await mongodb.waitPrimary()
  await revive()
  // A later fault may wipe the broker, and no gateway repeats these commands. After the limit the run goes on, and the oracle
  // reports them.
  await waitUntil('the commands are carried out', carryOutLimitMs, () =>
    context.areCarriedOut(operationIds),
  ).catch(() => undefined)
  return areGone ? counted : missed('a ledger did not die')
}

export const messageFaults = {
  'duplicate messages': duplicate,
  'reorder messages': reorder,
  'poison unbound': poisonUnbound,
  'kill ledgers in hand': killInHand,
} as const
