import { expect, it } from '@jest/globals'
import { exceededOf } from '../runner/judge.ts'
import { boundsOfRestarts, type BrokerRestarts } from './broker-restarts.ts'

const totals = { connections: 3, channels: 9, consumers: 12, queues: 20 }
const good: BrokerRestarts = {
  restarts: 50,
  consumingP50Ms: 900,
  consumingMaxMs: 1_500,
  consumingMsLimit: 5_000,
  slowestByService: {},
  soldAgainMaxMs: 2_000,
  uncaught: 0,
  ended: 0,
  before: totals,
  after: totals,
}

it('is reached where every restart was survived', () => {
  expect(exceededOf(boundsOfRestarts(good))).toEqual([])
})

it.each<[string, Partial<BrokerRestarts>]>([
  ['nothing was restarted', { restarts: 0, consumingMaxMs: -Infinity }],
  ['a service took too long', { consumingMaxMs: 5_001 }],
  ['a rejection was not caught', { uncaught: 1 }],
  ['a process ended', { ended: 1 }],
  ['something was left behind', { after: { ...totals, queues: 21 } }],
])('is not reached where %s', (_, changed) => {
  expect(exceededOf(boundsOfRestarts({ ...good, ...changed }))).toHaveLength(1)
})
