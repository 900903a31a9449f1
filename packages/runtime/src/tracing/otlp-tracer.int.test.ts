import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { silentLog } from '../log.ts'
import { openTracing } from './open-tracing.ts'
import { traceIdOf } from './trace-context.ts'

/** The collector answers in the way that a test asks for. */
let answer: (response: ServerResponse, body: string) => void
let server: Server
beforeEach(async () => {
  server = createServer((request, response) => {
    void json(request).then((body) => answer(response, JSON.stringify(body)))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const open = async (ratio = 1) => {
  const told: string[] = []
  const registry = new Registry()
  const { port } = server.address() as AddressInfo
  const tracing = await openTracing(
    { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_TRACES_SAMPLER_ARG: ratio },
    {
      service: 'a-service',
      registry,
      log: { ...silentLog, warn: (message) => void told.push(message) },
    },
  )
  const counted = async (result: string) => {
    const { values = [] } = (await registry.getMetricsAsJSON())[0] ?? {}
    return values.find(({ labels }) => Object.values(labels).includes(result))?.value
  }
  const span = (error?: string) =>
    tracing.tracer
      ?.begin('sell', {
        kind: 'internal',
        correlationId: 'pos-7',
        parent: undefined,
        attributes: { number: '3110002222' },
      })
      ?.end({ error })
  return { tracing, told, counted, span }
}

it('a span is sent in the trace of its correlation id, without phone numbers', async () => {
  const bodies: string[] = []
  answer = (response, body) => {
    bodies.push(body)
    response.setHeader('content-type', 'application/json').end('{}')
  }
  const { tracing, counted, span } = await open()
  span('no answer for 3110002222')
  await tracing.close(5_000)
  expect(bodies.join()).toContain(traceIdOf('pos-7'))
  expect(bodies.join()).toContain('a-service')
  expect(bodies.join()).not.toContain('3110002222')
  expect(await counted('exported')).toBe(1)
})

it('a collector that refuses is told of once, and its spans are counted', async () => {
  let refused: () => void = () => undefined
  answer = (response) => {
    response.writeHead(400).end()
    refused()
  }
  const { tracing, told, counted, span } = await open()
  const first = new Promise<void>((resolve) => (refused = resolve))
  span()
  await first
  span()
  await tracing.close(5_000)
  expect(told).toEqual(['spans could not be exported and are dropped; sales go on'])
  expect(await counted('failed')).toBe(2)
})

it('a collector that hangs holds up neither spans nor the end of the process', async () => {
  const refuse = (response: ServerResponse) => void response.writeHead(400).end()
  const hung: ServerResponse[] = []
  answer = (response) => void hung.push(response)
  const { tracing, counted, span } = await open()
  for (let spans = 0; spans < 9_000; spans += 1) span()
  expect(await counted('dropped')).toBeGreaterThan(0)
  const closedAt = performance.now()
  await tracing.close(100)
  expect(performance.now() - closedAt).toBeLessThan(2_000)
  // Ends the exports that are still under way.
  answer = refuse
  hung.forEach(refuse)
})

it('makes no span of a trace outside the share, and no tracer without a collector', async () => {
  const { tracing } = await open(0)
  const start = { kind: 'internal', correlationId: 'pos-7', parent: undefined } as const
  expect(tracing.tracer?.begin('sell', start)).toBeUndefined()
  await tracing.close(5_000)
  const off = { OTEL_TRACES_SAMPLER_ARG: 1 }
  const untraced = { service: 'a-service', registry: new Registry(), log: silentLog }
  expect((await openTracing(off, untraced)).tracer).toBeNull()
})
