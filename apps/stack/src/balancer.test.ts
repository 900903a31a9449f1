import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, expect, test } from '@jest/globals'
import { startBalancer, type Balancer } from './balancer.ts'
import { freePort } from './ports.ts'
import { waitUntil } from './readiness.ts'

const open: { readonly close: () => unknown }[] = []
const balancers: Balancer[] = []
afterEach(async () => {
  for (const balancer of balancers.splice(0)) await balancer.close()
})
afterAll(() => {
  for (const each of open) each.close()
})

type Instance = { readonly url: string; readonly server: Server; isReady: boolean }

const instance = async (name: string): Promise<Instance> => {
  const server = createServer((request, response) => {
    if (request.url === '/breaks') request.socket.destroy()
    else if (request.url === '/ready') response.writeHead(own.isReady ? 200 : 503).end()
    else response.end(name)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(server)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const own: Instance = { url, server, isReady: true }
  return own
}

const inFrontOf = async (
  ...instances: readonly Instance[]
): Promise<(path?: string) => Promise<Response>> => {
  const port = await freePort()
  const targets = instances.map(({ url }) => url)
  balancers.push(await startBalancer({ port, targets, checkIntervalMs: 20 }))
  return (path = '/') => fetch(`http://127.0.0.1:${port}${path}`)
}

const namesOf = async (ask: () => Promise<Response>): Promise<readonly string[]> => {
  const answers = [await ask(), await ask(), await ask(), await ask()]
  return [...new Set(await Promise.all(answers.map((answer) => answer.text())))].sort()
}

test('instances take requests in turn', async () => {
  const ask = await inFrontOf(await instance('one'), await instance('two'))
  expect(await namesOf(ask)).toEqual(['one', 'two'])
})

test('an instance that is not ready gets none', async () => {
  const [one, two] = [await instance('one'), await instance('two')]
  const ask = await inFrontOf(one, two)
  one.isReady = false
  await waitUntil('only two answers', 5_000, async () => (await namesOf(ask)).join() === 'two')
  two.isReady = false
  await waitUntil('both answer for themselves', 5_000, async () => {
    return (await namesOf(ask)).length === 2
  })
})

test('a request whose instance breaks off is answered 503 with a time to wait', async () => {
  const ask = await inFrontOf(await instance('one'))
  const answer = await ask('/breaks')
  expect(answer.status).toBe(503)
  expect(answer.headers.get('retry-after')).toBe('1')
})
