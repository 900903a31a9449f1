import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { tokenFor } from '../till/pos.ts'
import { eventually, newNumber, openShop } from '../till/shop.ts'
import { attackRequestsAt, type AttackRequest } from './payloads.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

/** Prints the gateway's own Object.prototype at a signal: nothing outside of a process can see it. */
const tellPrototype = `data:text/javascript,process.on('SIGUSR2',()=>console.log('prototype has '+Object.getOwnPropertyNames(Object.prototype)))`

let stack: TestStack
beforeAll(async () => {
  stack = await openTestStack('edge', {
    env: { gateway: { NODE_OPTIONS: `--import="${encodeURI(tellPrototype)}"` } },
  })
}, 60_000)
afterAll(async () => {
  const { findings, debitedTwice, carrierDebits, commits } = await stack.close()
  expect({ findings, debitedTwice }).toEqual({ findings: [], debitedTwice: 0 })
  expect(carrierDebits).toBe(commits)
}, 60_000)

it('nothing that is injected in a body, a query, a path or a header passes, and nothing is changed', async () => {
  const shop = await openShop(stack.gateway)
  const requests = attackRequestsAt(shop.sessionId, shop.cajaId)
  expect(requests.length).toBeGreaterThanOrEqual(150)
  const token = tokenFor(stack.gateway.jwtSecret, { user: 1, role: 'Administrador' })
  const send = async ({ method, path, body, headers }: AttackRequest) => {
    const response = await fetch(`${stack.gateway.url()}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body }),
    })
    const { code } = (await response.json()) as { readonly code?: string }
    return { status: response.status, code }
  }
  const before = await stack.databaseHashes()
  const passed: unknown[] = []
  for (const request of requests) {
    const { status, code } = await send(request)
    if (status < 400 || status >= 500 || code === undefined) {
      passed.push({ ...request, status, code })
    }
  }
  expect(passed).toEqual([])
  expect(await stack.databaseHashes()).toEqual(before)
  await stack.processes.gateway.kill('SIGUSR2')
  const told = await eventually(
    () => Promise.resolve(stack.processes.gateway.lastLines()),
    (lines) => lines.includes('prototype has '),
  )
  expect(told).toContain(`prototype has ${Object.getOwnPropertyNames(Object.prototype).join()}`)
  // A sale changes the hashes.
  expect((await shop.sell(newNumber(), 1)).status).toBe(201)
  expect(await stack.databaseHashes()).not.toEqual(before)
}, 60_000)

it('an Idempotency-Key sent by two hundred at once sells once, and after a restart of every service still answers the same', async () => {
  const shop = await openShop(stack.gateway)
  const [number, key] = [newNumber(), { 'idempotency-key': `crowd-${newNumber()}` }]
  const sell = () => shop.sell(number, 3, key)
  const answers = await Promise.all(Array.from({ length: 200 }, sell))
  const [first] = answers
  expect(first).toMatchObject({ status: 201, body: { estado: 'AUTORIZADA', monto: 3 } })
  for (const { status, body } of answers)
    expect({ status, body }).toEqual({ status: 201, body: first?.body })
  const { gateway, ledger, adapter } = stack.processes
  await gateway.stop()
  await Promise.all([ledger.stop(), adapter.stop()])
  await Promise.all([ledger.start(), adapter.start(), gateway.start()])
  const afterwards = await Promise.all(Array.from({ length: 20 }, sell))
  for (const { status, body } of afterwards)
    expect({ status, body }).toEqual({ status: 201, body: first?.body })
  expect(await stack.carrierCalls(String(first?.body['id_transaccion']))).toBe(1)
  expect(await shop.drawer()).toBe('403.00')
}, 120_000)
