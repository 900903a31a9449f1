import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { crashPoints } from '@recargas/runtime'
import { hitEveryPoint, hurried } from '../crash-matrix/hit-points.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let sold = 0
beforeAll(async () => {
  stack = await openTestStack('matrix', { env: hurried })
}, 120_000)
afterAll(async () => {
  expect(await stack.close()).toMatchObject({
    findings: [],
    debitedTwice: 0,
    carrierDebits: sold,
    commits: sold,
  })
}, 60_000)

const everyPoint = Object.entries(crashPoints).flatMap(([service, points]) =>
  Object.keys(points).map((point) => `${service} ${point}`),
)

it('killed at each of its crash points every service comes back, and each sale ends once', async () => {
  const matrix = await hitEveryPoint(
    {
      processes: stack.processes,
      gateway: stack.gateway,
      administrationUri: stack.administration.ledger,
      urls: { sandbox: stack.sandboxUrl },
    },
    1,
    (hit, tookMs) => process.env['CRASH_MATRIX_VERBOSE'] && console.log(hit, Math.round(tookMs)),
  )
  sold = matrix.sold
  expect([...matrix.hits].sort()).toEqual([...everyPoint].sort())
  expect(matrix).toMatchObject({
    open: 0,
    calledTooOften: 0,
    reserved: 0,
    drawerOff: 0,
    differences: 1,
    cases: 1,
  })
  expect(matrix.sold + matrix.refused).toBe(matrix.sales)
  // At least a late one and one that a person has called off: on a slow machine more are late.
  expect(matrix.refused).toBeGreaterThanOrEqual(2)
}, 900_000)
