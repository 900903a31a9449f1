import { expect, it } from '@jest/globals'
import { Registry } from 'prom-client'
import { createMetrics, opsRoutes } from './ops-routes.ts'
import { createQueueMetrics } from './queue-metrics.ts'
import { documentedFigures, registeredFigures } from './testing/index.ts'
import { createTraceMetrics } from './tracing/open-tracing.ts'

const ofService = (): Registry => {
  const registry = createMetrics('test')
  opsRoutes([], registry)
  createTraceMetrics(registry)
  createQueueMetrics(registry)({
    queue: 'ledger.0.v1',
    prefetch: 1,
    parse: () => ({ ok: false, reason: '' }),
    handle: () => Promise.resolve({ verdict: 'ack' }),
  })
  return registry
}

it('docs/metrics.md lists the figures that every service has, and of the runtime’s own those that exist', () => {
  const all = registeredFigures(ofService())
  const isOwn = (row: string) => !/^(process|nodejs)_/.test(row)
  const rows = documentedFigures('Every service')
  expect(rows.filter(isOwn).sort()).toEqual(all.filter(isOwn).sort())
  expect(rows.filter((row) => !all.includes(row))).toEqual([])
})

it('a consumer’s messages are counted by their verdict', async () => {
  const registry = new Registry()
  const measured = createQueueMetrics(registry)({
    queue: 'ledger.0.v1',
    prefetch: 1,
    parse: (value) =>
      typeof value === 'string' ? { ok: true, message: value } : { ok: false, reason: 'no text' },
    handle: (message) =>
      message === 'bad'
        ? Promise.reject(new Error('thrown'))
        : Promise.resolve({ verdict: 'ack' as const }),
  })
  measured.parse(7)
  await measured.handle('good', null)
  await measured.handle('bad', null).catch(() => undefined)
  const text = await registry.metrics()
  for (const [result, count] of Object.entries({ ack: 1, thrown: 1, invalid: 1, retry: 0 })) {
    expect(text).toContain(`queue_messages_total{queue="ledger.0.v1",result="${result}"} ${count}`)
  }
  expect(text).toContain('queue_message_seconds_count{queue="ledger.0.v1"} 2')
})

it('a part that cannot be asked is not ready', async () => {
  const registry = new Registry()
  opsRoutes(
    [
      { name: 'broker', check: () => ({ ready: true, reason: null }) },
      { name: 'database', check: () => Promise.reject(new Error('away')) },
    ],
    registry,
  )
  const text = await registry.metrics()
  expect(text).toContain('service_part_ready{part="broker"} 1')
  expect(text).toContain('service_part_ready{part="database"} 0')
})
