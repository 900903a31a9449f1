import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import {
  exchanges,
  ledgerQueue,
  partitionOf,
  QuarantineGroups,
  QuarantineMessage,
  QuarantinePage,
  QuarantineResults,
  sharedTopology,
  type MerchantId,
  type QuarantineRow,
} from '@recargas/contracts'
import { tigoSale } from '@recargas/contracts/testing'
import { connectBroker, type Broker } from '@recargas/messaging'
import { readConfig, silentLog, type RunningService } from '@recargas/runtime'
import { eventually, freePort, testVhost, type TestVhost } from '@recargas/runtime/testing'
import { createApp } from '../app.ts'
import { Settings } from '../config.ts'
import { createQuarantineStore } from '../mongo/quarantine-store.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { readDeadLetter } from './dead-letter.ts'

/** The whole ledger on real servers, and messages that it cannot take. */
const serviceToken = 'a-service-token-of-a-test'
const queue = ledgerQueue(partitionOf('principal' as MerchantId))
let vhost: TestVhost
let database: FreshDatabase
let ledger: RunningService
let broker: Broker
let url = ''

beforeAll(async () => {
  vhost = await testVhost('quarantine')
  database = await freshDatabase()
  const port = await freePort()
  const settings = readConfig(Settings, {
    NODE_ENV: 'test',
    PORT: String(port),
    MONGODB_URI: database.uri,
    AMQP_URL: vhost.url,
    SERVICE_TOKEN: serviceToken,
    SHUTDOWN_TIMEOUT_MS: '2000',
  })
  if (settings.kind === 'invalid') throw new Error(settings.problems.join('\n'))
  ledger = await createApp(settings.config, silentLog)
  url = `http://127.0.0.1:${port}/internal/quarantine`
  broker = await connectBroker({
    urls: [vhost.url],
    name: 'test',
    topology: sharedTopology,
    heartbeatSeconds: 5,
    reconnectMsMax: 200,
    log: silentLog,
  })
}, 60_000)
afterAll(async () => {
  await broker.close(2_000)
  await ledger.close()
  await database.drop()
  await vhost.drop()
}, 30_000)

const headers = { authorization: `Bearer ${serviceToken}`, 'content-type': 'application/json' }
const get = async (path: string): Promise<unknown> =>
  (await fetch(`${url}${path}`, { headers })).json()
const post = (path: string, body: object) =>
  fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
const act = async (path: string, body: object) =>
  QuarantineResults.parse(await (await post(path, body)).json())
const waiting = async () => QuarantinePage.parse(await get('')).messages

const send = async (messageId: string, body: Buffer): Promise<void> => {
  const { kind } = await broker.publish({
    exchange: exchanges.command,
    routingKey: queue,
    messageId,
    type: 'RequestTopup.v1',
    body,
    persistent: true,
  })
  expect(kind).toBe('confirmed')
}
/** Sends an unreadable message and waits until it is quarantined. */
const poison = async (messageId: string, body = Buffer.from('{"number":"78945612",')) => {
  await send(messageId, body)
  const messages = await eventually(waiting, (rows) =>
    rows.some((row) => row.messageId === messageId),
  )
  return messages.find((row) => row.messageId === messageId) as QuarantineRow
}
const aCommand = (acceptUntil: string) => ({
  specversion: '1.0',
  id: randomUUID(),
  source: 'test',
  type: 'RequestTopup.v1',
  subject: 's',
  time: '2026-11-21T08:00:00.000Z',
  correlationid: 'c',
  data: {
    operationId: randomUUID(),
    merchant: 'principal',
    currency: 'BOB',
    actor: { userId: '2', username: 'ana', role: 'Operador' },
    requestedAt: '2026-11-21T08:00:00.000Z',
    acceptUntil,
    keyed: false,
    shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
    fingerprint: 'A'.repeat(43),
    ...tigoSale,
  },
})
const one = (id: string) => ({ of: 'messages', ids: [id] })

it('stores an unreadable message with its cause, and shows it with the token only', async () => {
  const row = await poison('poison-1')
  expect(row).toMatchObject({ cause: 'UNREADABLE', queue, state: 'waiting', attempts: 1 })
  const shown = QuarantineMessage.parse(await get(`/${row.id}`))
  expect(shown.body).toEqual({ encoding: 'utf8', text: '{"number":"78945612",' })
  expect(shown.headers).toMatchObject({ 'origin-queue': queue })
  expect((await fetch(`${url}/${row.id}`)).status).toBe(401)
  expect(await get('/groups')).toEqual([
    expect.objectContaining({ cause: 'UNREADABLE', type: 'RequestTopup.v1', queue, count: 1 }),
  ])
})

it('a replay that fails again waits again, as the same document under the same id', async () => {
  const { id } = await poison('poison-2')
  const [result] = (
    await act('/replay', { by: 'Ana', reason: 'mended', choice: one(id), dryRun: false })
  ).results
  expect(result).toMatchObject({ outcome: 'done', note: expect.stringContaining('comes back') })
  const back = await eventually(
    async () => QuarantineMessage.parse(await get(`/${id}`)),
    ({ arrivals }) => arrivals === 2,
  )
  expect(back).toMatchObject({ state: 'waiting', replays: 1, attempts: 1, messageId: 'poison-2' })
  expect(back.headers).toMatchObject({ 'replay-of': id, replay: 1 })
  expect(back.actions).toMatchObject([{ by: 'Ana', action: 'replay', detail: 'no. 1: mended' }])
})

it('the late copy of a message that was replayed since changes nothing', async () => {
  const store = createQuarantineStore(database)
  const letter = readDeadLetter({
    body: Buffer.from('late'),
    messageId: 'late',
    type: 't',
    correlationId: '',
    routingKey: queue,
    headers: {},
  })
  await store.keep(letter, new Date(1))
  await store.keep(letter, new Date(2))
  expect(await store.find(letter.id)).toMatchObject({ arrivals: 2, firstSeenAt: new Date(1) })
  await store.replayed({ id: letter.id, arrivals: 2 }, 1, new Date(3))
  await store.keep(letter, new Date(4))
  expect(await store.find(letter.id)).toMatchObject({ state: 'replayed', arrivals: 2 })
  await store.keep({ ...letter, replay: 1 }, new Date(5))
  expect(await store.find(letter.id)).toMatchObject({ state: 'waiting', arrivals: 3 })
  // Decided on the sight of two arrivals: the third came between.
  expect(await store.discarded({ id: letter.id, arrivals: 2 }, new Date(6))).toBe(false)
  expect(await store.discarded({ id: letter.id, arrivals: 3 }, new Date(6))).toBe(true)
})

it('a late command is announced as without effect, and has none', async () => {
  const store = createQuarantineStore(database)
  const command = aCommand('2026-11-21T08:00:10.000Z')
  const letter = readDeadLetter({
    body: Buffer.from(JSON.stringify(command)),
    messageId: command.id,
    type: command.type,
    correlationId: 'c',
    routingKey: queue,
    headers: { 'origin-queue': queue, 'last-error-code': 'HANDLER_FAILED', attempt: 8 },
  })
  await store.keep(letter, new Date())
  const request = { by: 'Ana', choice: one(letter.id) }
  const planned = await act('/replay', { ...request, dryRun: true })
  const told = expect.stringContaining('without effect')
  expect(planned.results).toMatchObject([{ outcome: 'would-be-done', note: told }])
  expect(await store.actionsOf(letter.id)).toEqual([])
  for (const _ of ['once', 'twice']) {
    const replayed = await act('/replay', { ...request, dryRun: false })
    expect(replayed.results).toMatchObject([{ outcome: 'done', note: told }])
  }
  // In the order of the queue: when this one is here, both replays have been taken.
  await poison('poison-after')
  expect(await store.find(letter.id)).toMatchObject({ state: 'replayed', replays: 2, arrivals: 1 })
  const shop = url.replace('/internal/quarantine', '/internal/merchants/principal')
  const sales = await fetch(`${shop}/topups`, { headers })
  expect(await sales.json()).toMatchObject({ items: [], total: 0 })
})

it('a group is settled step by step, by a person, for a reason', async () => {
  for (const name of ['a', 'b', 'c']) await poison(`group-${name}`, Buffer.from(`[${name}`))
  const before = new Date().toISOString()
  const choice = { of: 'group', filter: { cause: 'UNREADABLE' }, before, limit: 2 }
  const discard = { by: 'Ana', choice, dryRun: false, reason: 'a test sent them' }
  expect((await post('/discard', { ...discard, reason: '' })).status).toBe(400)
  expect((await post('/discard', { ...discard, by: '' })).status).toBe(400)
  const planned = await act('/discard', { ...discard, dryRun: true })
  expect(planned.results.map(({ outcome }) => outcome)).toEqual(['would-be-done', 'would-be-done'])
  let { remaining } = planned
  expect(remaining).toBe((await waiting()).length)
  const seen = (expected: number) => ({ ...choice, expected })
  const changed = await post('/discard', { ...discard, choice: seen(remaining + 1) })
  expect(await changed.json()).toMatchObject({ code: 'SIZE_DIFFERS', waiting: remaining })
  expect([changed.status, (await waiting()).length]).toEqual([409, remaining])
  remaining = (await act('/discard', { ...discard, choice: seen(remaining) })).remaining
  for (; remaining > 0; remaining = (await act('/discard', discard)).remaining);
  expect(await waiting()).toEqual([])
  expect(QuarantineGroups.parse(await get('/groups'))).toEqual([])
  const discarded = QuarantinePage.parse(await get('?state=discarded&limit=2'))
  const next = QuarantinePage.parse(await get(`?state=discarded&cursor=${String(discarded.next)}`))
  const ids = [...discarded.messages, ...next.messages].map(({ id }) => id)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.length).toBeGreaterThan(3)
})

it('the metrics count waiting and arrived messages by cause', async () => {
  const metrics = await (await fetch(url.replace('/internal/quarantine', '/metrics'))).text()
  expect(metrics).toMatch(/ledger_quarantine_messages\{cause="UNREADABLE".*\} \d/)
  expect(metrics).toMatch(/ledger_quarantined_total\{cause="UNREADABLE".*\} [1-9]/)
  expect(metrics).toMatch(/ledger_quarantine_actions_total\{action="discarded".*\} [1-9]/)
})
