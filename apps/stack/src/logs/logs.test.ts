import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { withTerminal } from '../reach/terminal.ts'
import { waitUntil } from '../readiness.ts'
import { correlationsOf } from './correlations.ts'
import { followLogs } from './follow.ts'
import { parseLine, readLogLines, type LogLine } from './lines.ts'
import { showLine, wantsColour } from './show.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'recargas-logs-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const line = (second: number, service: string, fields: object = {}) =>
  `${JSON.stringify({
    timestamp: `2026-01-05T12:00:0${second}.000Z`,
    service,
    level: 'info',
    message: `at ${second}`,
    ...fields,
  })}\n`
const messagesOf = (lines: readonly LogLine[]) => lines.map(({ message }) => message)

test('the lines of all services come as one, in the order of their times', async () => {
  writeFileSync(join(folder, 'gateway.log'), line(1, 'api-gateway') + line(4, 'api-gateway'))
  writeFileSync(join(folder, 'ledger.log'), line(2, 'ledger') + line(3, 'ledger'))
  writeFileSync(join(folder, 'mongodb.log'), line(0, 'a server'))
  expect(messagesOf(await readLogLines(folder, {}, 10))).toEqual(['at 1', 'at 2', 'at 3', 'at 4'])
  expect(messagesOf(await readLogLines(folder, {}, 2))).toEqual(['at 3', 'at 4'])
  expect(messagesOf(await readLogLines(folder, { service: 'ledger' }, 9))).toHaveLength(2)
})

test('a request is followed by its id and by its sale; other lines are left out', async () => {
  writeFileSync(
    join(folder, 'gateway.log'),
    line(1, 'api-gateway', { correlationId: 'r1', operationId: 'sale-1' }) +
      line(2, 'api-gateway', { correlationId: 'r2', operationId: 'sale-1' }) +
      line(3, 'api-gateway', { correlationId: 'r3' }),
  )
  writeFileSync(
    join(folder, 'adapter.log'),
    line(4, 'carrier-adapter', { correlationId: 'r1', topupId: 'sale-1' }),
  )
  const found = async (correlation: string) =>
    messagesOf(await readLogLines(folder, { correlations: [correlation] }, 10))
  expect(await found('r1')).toEqual(['at 1', 'at 4'])
  expect(await found('sale-1')).toEqual(['at 1', 'at 2', 'at 4'])
  expect(await found('r')).toEqual([])
})

test('a sale is followed by its number too, which the ledger knows', async () => {
  const topupId = '0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11'
  const server = createServer(({ url = '' }, response) => {
    const isKnown = url === '/internal/merchants/bogota/topups/17'
    response.writeHead(isKnown ? 200 : 404, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isKnown ? aSale(topupId) : { code: 'NOT_FOUND' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const environment = { LEDGER_URL: `http://127.0.0.1:${port}`, SERVICE_TOKEN: 'a' }
  const silent = { environment, out: () => undefined, err: () => undefined }
  const found = (number: string) => withTerminal(silent, () => correlationsOf(number, 'bogota'))
  expect(await found('17')).toEqual({ ids: ['17', topupId], problem: null })
  // A till may send numbers as its X-Request-Id.
  expect(await found('18')).toEqual({ ids: ['18'], problem: expect.any(Error) })
  expect(await found('pos-7')).toEqual({ ids: ['pos-7'], problem: null })
  server.close()
})

const aSale = (topupId: string) => ({
  topupId,
  id: 17,
  merchant: 'bogota',
  currency: 'COP',
  sessionId: 1,
  userId: '2',
  operator: 'Tigo',
  number: '3001234567',
  amount: 500_000,
  state: 'committed',
  requestedAt: '2026-11-28T10:00:00.000Z',
  updatedAt: '2026-11-28T10:00:00.000Z',
})

test('a foreign line stays in its place', async () => {
  writeFileSync(
    join(folder, 'ledger.log'),
    `${line(1, 'ledger')}FATAL ERROR: out of memory\n${line(3, 'ledger')}`,
  )
  writeFileSync(join(folder, 'gateway.log'), line(2, 'api-gateway'))
  const lines = await readLogLines(folder, {}, 10)
  expect(messagesOf(lines)).toEqual(['at 1', 'FATAL ERROR: out of memory', 'at 2', 'at 3'])
  expect(lines[1]).toMatchObject({ service: 'ledger', level: 'error' })
})

test('following passes on lines written from then on, whole lines only, new files too', async () => {
  const file = join(folder, 'ledger.log')
  writeFileSync(file, line(1, 'ledger'))
  const heard: string[] = []
  const stop = await followLogs(folder, { correlations: ['r1'] }, ({ message }) => {
    heard.push(message)
  })
  const whole = line(2, 'ledger', { correlationId: 'r1', name: 'caña' })
  appendFileSync(file, whole.slice(0, 40))
  appendFileSync(file, whole.slice(40) + line(3, 'ledger', { correlationId: 'r2' }))
  writeFileSync(join(folder, 'gateway.log'), line(4, 'api-gateway', { correlationId: 'r1' }))
  await waitUntil('both are heard', 10_000, () => heard.length === 2)
  appendFileSync(file, line(5, 'ledger', { correlationId: 'r1' }))
  await stop()
  expect(heard.sort()).toEqual(['at 2', 'at 4', 'at 5'])
})

test('a line for people names its fields and keeps the trace for the end', () => {
  const text = line(1, 'ledger', {
    correlationId: 'r1',
    entry: 'reserve',
    code: null,
    reason: 'two words',
    error: { name: 'Error', message: 'no primary', stack: 'Error: no primary\n    at x' },
  })
  expect(showLine(parseLine(text, 'ledger.log'), false)).toBe(
    '12:00:01.000 ledger          info  at 1 entry=reserve reason="two words" error="no primary" ⟨r1⟩\n' +
      '  Error: no primary\n      at x',
  )
})

test('it is coloured for a terminal, and not with NO_COLOR set or into a pipe', () => {
  const shown = parseLine(line(1, 'ledger'), 'ledger.log')
  expect(showLine(shown, true)).toContain('\u001b[32mledger')
  expect(showLine(shown, false)).not.toContain('\u001b')
  expect(wantsColour({ isTTY: true }, {})).toBe(true)
  expect(wantsColour({ isTTY: true }, { NO_COLOR: '1' })).toBe(false)
  expect(wantsColour({}, {})).toBe(false)
})
