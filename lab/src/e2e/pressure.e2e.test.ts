import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import mongoose from 'mongoose'
import { boundsOfRestarts, restartBroker } from '../experiments/broker-restarts.ts'
import { boundsOfRolling, restartInTurn } from '../experiments/rolling.ts'
import { exceededOf } from '../runner/judge.ts'
import type { Servers } from '@recargas/stack/backend'
import type { ServiceProcess } from '@recargas/stack/service-process'
import { readMetric } from '../till/metric.ts'
import type { Answer } from '../till/pos.ts'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

/** The figures we promise. */
const refusedMsMax = 2_000
const recoveredMsMax = 10_000
const grownBytesMax = 50 * 1024 * 1024
const tills = 4
const pressesOfEach = 25
/** As in a cluster: a service whose broker is back soon finds it soon. */
const quickToReconnect = { AMQP_RECONNECT_MS_MAX: '500' }

let stack: TestStack
let second: ServiceProcess
let shop: Shop
beforeAll(async () => {
  stack = await openTestStack('pressure', {
    ownServers: true,
    // A busy machine takes its time to start a service again, and its sales wait for that.
    env: {
      gateway: {
        SILENT_AFTER_MS: '40000',
        ACCEPT_UNTIL_MS: '40000',
        NOT_ACCEPTED_AFTER_MS: '50000',
        SETTLEMENT_WAIT_MS: '50000',
        ...quickToReconnect,
      },
      // As at the gateways: a press that lies further ahead is refused.
      ledger: { ACCEPT_UNTIL_MS: '40000', ...quickToReconnect },
      adapter: quickToReconnect,
    },
  })
  second = await stack.anotherGateway('second-gateway')
  shop = await openShop(stack.gateway, { cash: 20_000, float: 10_000 })
}, 180_000)
afterAll(async () => {
  const proof = await stack.close()
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0, carrierDebits: proof.commits })
}, 120_000)

const native = (): NonNullable<Servers['native']> => {
  if (stack.native === null) throw new Error('faults need servers of our own')
  return stack.native
}

type Ready = {
  readonly ready: boolean
  readonly parts: readonly { readonly name: string; readonly reason: string | null }[]
}
const readiness = async (): Promise<Ready> =>
  (await (await fetch(`${stack.gateway.url()}/ready`)).json()) as Ready
/** The gateway's reason for a part, once it reports the part as down. */
const troubleOf = async (part: string): Promise<string> => {
  return eventually(
    async () => (await readiness()).parts.find(({ name }) => name === part)?.reason ?? null,
    (reason) => reason !== null,
  )
}

const sellAndTime = async () => {
  const startedAt = performance.now()
  const answer = await shop.sell(newNumber(), 1)
  return { answer, ms: performance.now() - startedAt }
}

/** Many presses while the gateway knows: each refused at once, none kept in memory. */
const expectRefusals = async (code: string) => {
  const [before, waitingBefore] = [await residentBytes(), await waitingOperations()]
  const pressed: Awaited<ReturnType<typeof sellAndTime>>[] = []
  const till = async () => {
    for (let press = 0; press < pressesOfEach; press += 1) pressed.push(await sellAndTime())
  }
  await Promise.all(Array.from({ length: tills }, till))
  const answers = pressed.map(({ answer: { status, headers, body } }) => [
    status,
    headers.get('retry-after') !== null,
    body['code'],
  ])
  expect(answers).toEqual(pressed.map(() => [503, true, code]))
  expect(Math.max(...pressed.map(({ ms }) => ms))).toBeLessThan(refusedMsMax)
  expect((await residentBytes()) - before).toBeLessThan(grownBytesMax)
  expect(await waitingOperations()).toBeLessThanOrEqual(waitingBefore)
}

const residentBytes = () => readMetric(stack.gateway.url(), 'process_resident_memory_bytes')
const waitingOperations = () => readMetric(stack.gateway.url(), 'gateway_operations_waiting')

/** Sells again within the limit, counted from here. */
const expectRecovery = async () => {
  const endedAt = performance.now()
  await eventually(sellAndTime, ({ answer }) => answer.status === 201)
  expect(performance.now() - endedAt).toBeLessThan(recoveredMsMax)
  await eventually(readiness, ({ ready }) => ready)
}

/** A sale that the carrier has when the trouble begins. */
const saleUnderWay = async (): Promise<{ readonly answer: Promise<Answer> }> => {
  const number = newNumber()
  await stack.slowDown(number, 1_500)
  const answer = shop.sell(number, 1)
  await eventually(
    () => stack.carrierCallsTo(number),
    (calls) => calls === 1,
  )
  return { answer }
}

/** Only servers of our own can be broken. */
const describeOnOwn = process.env['TEST_BACKEND'] === 'native' ? describe : describe.skip

describeOnOwn(
  'a gateway that knows it cannot sell refuses at once, says why, and sells again',
  () => {
    it('while an alarm blocks the broker', async () => {
      const sale = await saleUnderWay()
      await native().rabbitmq.control(['set_vm_memory_high_watermark', '0'])
      try {
        expect(await troubleOf('broker')).toContain('blocked by the broker')
        await expectRefusals('NOT_ACCEPTED')
      } finally {
        await native().rabbitmq.control(['set_vm_memory_high_watermark', '0.4'])
      }
      await expectRecovery()
      expect((await sale.answer).status).toBe(201)
    }, 90_000)

    it('while MongoDB has no primary', async () => {
      const admin = await mongoose
        .createConnection(native().mongod.uri.replace(/\?.*$/, ''), { directConnection: true })
        .asPromise()
      const ask = (command: Record<string, unknown>) => admin.db?.admin().command(command)
      const sale = await saleUnderWay()
      await ask({ replSetStepDown: 120, force: true })
      try {
        expect(await troubleOf('ledger')).toContain('no writable primary')
        await expectRefusals('NOT_ACCEPTED')
      } finally {
        await ask({ replSetFreeze: 0 })
      }
      await eventually(
        async () => ask({ hello: 1 }),
        (hello) => hello?.['isWritablePrimary'] === true,
      )
      await expectRecovery()
      expect((await sale.answer).status).toBe(201)
      await admin.close()
    }, 90_000)

    it('while no ledger and no adapter lives', async () => {
      const { gateway, ledger, adapter } = stack.processes
      // Until its next start it loses patience sooner.
      await gateway.stop()
      await gateway.start({ SILENT_AFTER_MS: '8000' })
      await Promise.all([ledger.kill('SIGKILL'), adapter.kill('SIGKILL')])
      try {
        expect(await troubleOf('ledger')).toContain('no ledger has been heard')
        expect(await troubleOf('carrier-adapter')).toContain('no carrier-adapter has been heard')
        await expectRefusals('NOT_ACCEPTED')
        await ledger.start()
        await eventually(sellAndTime, ({ answer }) => answer.body['code'] === 'CARRIER_UNAVAILABLE')
        await expectRefusals('CARRIER_UNAVAILABLE')
      } finally {
        if (ledger.pid() === null) await ledger.start()
        await adapter.start()
      }
      await expectRecovery()
    }, 90_000)
  },
)

describeOnOwn('the system', () => {
  it('fails no sale while a gateway, the ledger and the adapter restart in turn', async () => {
    await second.start()
    const parts = { processes: stack.processes, jwtSecret: stack.gateway.jwtSecret }
    const rolling = await restartInTurn(parts, second, { restarts: 3, tills: 4, betweenMs: 300 })
    await second.stop()
    expect([rolling.failed, exceededOf(boundsOfRolling(rolling))]).toEqual([{}, []])
  }, 120_000)

  it('consumes again in every service after the broker restarts, and leaves nothing behind', async () => {
    const { jwtSecret } = stack.gateway
    const parts = { processes: stack.processes, jwtSecret, logFolder: stack.traces.logFolder }
    const restarts = await restartBroker(parts, native().rabbitmq, 1)
    expect([restarts, exceededOf(boundsOfRestarts(restarts))]).toEqual([restarts, []])
  }, 120_000)
})
