import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { ledgerQueue, MerchantId, partitionOf } from '@recargas/contracts'
import { connect } from 'amqplib'
import type { Answer } from '../till/pos.ts'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Shop
/** Sales that the carrier debited without anyone receiving its answer. */
let unsettledDebits = 0
beforeAll(async () => {
  stack = await openTestStack('crash', {
    ownServers: true,
    env: {
      // Disables the repeats, so that a redelivery's second call would be seen.
      adapter: { TOPUP_REPEAT_SECONDS: 'never' },
      // A busy machine takes its time to start a service again, and its sales wait for that.
      gateway: {
        ACCEPT_UNTIL_MS: '40000',
        NOT_ACCEPTED_AFTER_MS: '50000',
        SILENT_AFTER_MS: '40000',
      },
      // As at the gateway: a press that lies further ahead is refused.
      ledger: { ACCEPT_UNTIL_MS: '40000', SWEEP_EVERY_MS: '100', SWEEP_BACKOFF_MS_MIN: '500' },
    },
  })
}, 120_000)
beforeEach(async () => {
  shop = await openShop(stack.gateway)
})
afterAll(async () => {
  const proof = await stack.close()
  expect(proof).toMatchObject({
    findings: [],
    debitedTwice: 0,
    carrierDebits: proof.commits + unsettledDebits,
  })
}, 60_000)

/** A sale by its key: the same press again joins the first one's wait. */
const aSale = (waitSeconds = 20) => {
  const number = newNumber()
  const key = `crash-${number}`
  return {
    number,
    send: () => shop.sell(number, 4, { 'idempotency-key': key, prefer: `wait=${waitSeconds}` }),
  }
}
/** The end of a sale: pressed again under its key while it is pending, or while nobody answers for it. */
const endOf = async (
  send: () => Promise<Answer>,
  pressed: Promise<Answer> = send(),
): Promise<Answer> => {
  let first: Promise<Answer> | null = pressed
  const ended = await eventually(
    async () => {
      const told = await (first ?? send()).catch(() => null)
      first = null
      return told
    },
    (told) => told !== null && told.status !== 202 && told.status !== 503,
  )
  if (ended === null) throw new Error('no answer')
  return ended
}
const idOf = (answer: Answer) => String(answer.body['id_transaccion'])

describe('the ledger', () => {
  it('killed while the carrier works comes back and commits the carrier’s sale, once', async () => {
    const { number, send } = aSale()
    await stack.slowDown(number, 1_500)
    const answer = send()
    await eventually(
      () => stack.carrierCallsTo(number),
      (calls) => calls === 1,
    )
    await stack.processes.ledger.kill('SIGKILL')
    await stack.processes.ledger.start()
    const sold = await endOf(send, answer)
    expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
    expect(await stack.carrierCalls(idOf(sold))).toBe(1)
    expect(await shop.drawer()).toBe('404.00')
  }, 60_000)

  it('stopped, with a sale on its queue, sells it when it is back in time', async () => {
    await stack.processes.ledger.kill('SIGKILL')
    const { send } = aSale()
    const answer = send()
    await stack.processes.ledger.start()
    const sold = await answer
    expect(sold.status).toBe(201)
    expect(await stack.carrierCalls(idOf(sold))).toBe(1)
  }, 60_000)

  it('refuses a press whose command was lost, once it is over its time; the same key then sells', async () => {
    const { gateway, ledger } = stack.processes
    await gateway.kill('SIGKILL')
    await gateway.start({ ACCEPT_UNTIL_MS: '3000', NOT_ACCEPTED_AFTER_MS: '40000' })
    await ledger.kill('SIGKILL')
    const { send } = aSale()
    const answer = send()
    await loseCommand()
    await ledger.start()
    const refused = await answer
    expect([refused.status, refused.body['code']]).toEqual([503, 'NOT_ACCEPTED'])
    const sold = await endOf(send)
    expect([sold.status, idOf(sold)]).toEqual([201, idOf(refused)])
    expect(await stack.carrierCalls(idOf(sold))).toBe(1)
    await gateway.kill('SIGKILL')
    await gateway.start()
  }, 60_000)
})

/** Takes the one command of the shop from its queue, as a broker does that lost its data. */
const loseCommand = async (): Promise<void> => {
  const connection = await connect(stack.traces.amqpUrl)
  try {
    const channel = await connection.createChannel()
    const queue = ledgerQueue(partitionOf(MerchantId.parse('principal')))
    await eventually(
      () => channel.purgeQueue(queue),
      ({ messageCount }) => messageCount === 1,
    )
  } finally {
    await connection.close()
  }
}

describe('the adapter', () => {
  const killedAt = async (point: string, waitSeconds?: number) => {
    await stack.processes.adapter.kill('SIGKILL')
    await stack.processes.adapter.start({ CRASH_AT: point })
    const { send } = aSale(waitSeconds)
    const answer = send()
    await stack.processes.adapter.exited()
    await stack.processes.adapter.start()
    return { answer, send }
  }

  it('killed before its record sends the sale once, when it is back', async () => {
    const { answer, send } = await killedAt('before-attempt-recorded')
    const sold = await endOf(send, answer)
    expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
    expect(await stack.carrierCalls(idOf(sold))).toBe(1)
  }, 60_000)

  it('killed after its record of the answer publishes it when it is back', async () => {
    const { answer, send } = await killedAt('after-answer-recorded')
    const sold = await endOf(send, answer)
    expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
    expect(await stack.carrierCalls(idOf(sold))).toBe(1)
  }, 60_000)

  it('killed after its verdict publishes it twice, and the ledger books it once', async () => {
    const { answer, send } = await killedAt('after-verdict-published')
    const sold = await endOf(send, answer)
    expect(sold.status).toBe(201)
    expect(await shop.drawer()).toBe('404.00')
  }, 60_000)

  // Last, because an open sale is repeated for ever and would meet a later test's crash point.
  it('killed between its record and the call never sends it: it stays PENDIENTE', async () => {
    const before = await shop.float()
    const { answer } = await killedAt('after-attempt-recorded', 6)
    const sold = await answer
    expect([sold.status, sold.body['estado']]).toEqual([202, 'PENDIENTE'])
    expect(await stack.carrierCalls(idOf(sold))).toBe(0)
    expect(Number((await shop.float()).reserved) - Number(before.reserved)).toBeCloseTo(4)
  }, 60_000)

  it('killed between call and record never sends it again: it stays PENDIENTE', async () => {
    const { answer } = await killedAt('after-call', 6)
    const sold = await answer
    expect([sold.status, sold.body['estado']]).toEqual([202, 'PENDIENTE'])
    expect(await stack.carrierCalls(idOf(sold))).toBe(1)
    unsettledDebits += 1
  }, 60_000)
})

describe('the gateway', () => {
  it('killed under a sale answers the second press with the first one’s sale', async () => {
    const { number, send } = aSale()
    await stack.slowDown(number, 5_000)
    const cut = send().catch(() => 'cut')
    await eventually(
      () => stack.carrierCallsTo(number),
      (calls) => calls === 1,
    )
    await stack.processes.gateway.kill('SIGKILL')
    expect(await cut).toBe('cut')
    await stack.processes.gateway.start()
    const sold = await endOf(send)
    expect(sold.status).toBe(201)
    expect(await stack.carrierCallsTo(number)).toBe(1)
  }, 60_000)
})

/** Only servers of our own can be restarted. */
const itOnOwnBroker = process.env['TEST_BACKEND'] === 'native' ? it : it.skip

describe('the broker', () => {
  itOnOwnBroker(
    'restarted in mid-sale loses nothing and doubles nothing',
    async () => {
      const { number, send } = aSale()
      await stack.slowDown(number, 2_000)
      const answer = send()
      await eventually(
        () => stack.carrierCallsTo(number),
        (calls) => calls === 1,
      )
      await stack.restartBroker()
      const sold = await endOf(send, answer)
      expect([sold.status, sold.body['estado']]).toEqual([201, 'AUTORIZADA'])
      expect(await stack.carrierCalls(idOf(sold))).toBe(1)
      // A press before the adapter's first heartbeat is refused for good: the next one uses another key.
      await eventually(
        () => aSale().send(),
        ({ status }) => status === 201,
      )
    },
    120_000,
  )
})
