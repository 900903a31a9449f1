import { beforeEach, expect, it } from '@jest/globals'
import { money, type LedgerEvent, type OperationResult } from '@recargas/contracts'
import type { Principal } from '../api/route.ts'
import { createFakeClock, type FakeClock } from '../testing/fake-clock.ts'
import { aSale, appliedEvent, merchant, settledEvent, aSession, tigo } from '../testing/samples.ts'
import {
  createNotificationStreams,
  type NotificationStreams,
  type Reader,
} from './notification-streams.ts'

const ana: Principal = { merchant, userId: '2', username: 'ana', role: 'Operador', scopes: [] }
const owner: Principal = {
  merchant,
  userId: '1',
  username: 'eva',
  role: 'Administrador',
  scopes: [],
}
const bruno: Principal = { ...ana, userId: '3' }

let clock: FakeClock
let streams: NotificationStreams
let dropped: string[]
let epoch: number
beforeEach(() => {
  clock = createFakeClock()
  dropped = []
  epoch = 0
  streams = createNotificationStreams({
    clock,
    streamsMax: 30,
    newEpoch: () => `e${(epoch += 1)}`,
    reportDropped: (reason) => dropped.push(reason),
  })
})

/** A client that keeps all that is written to it. */
const listen = (principal: Principal, changes: Partial<Reader> = {}) => {
  const client = { writes: [] as string[], backlog: 0, isTokenGood: true, end: '' }
  const close = streams.open({
    principal,
    lastId: undefined,
    isTokenGood: () => client.isTokenGood,
    sink: {
      write: (text) => client.writes.push(text),
      backlogBytes: () => client.backlog,
      end: (text) => (client.end = text),
      cut: () => (client.end = 'cut'),
    },
    ...changes,
  })
  return { client, close, eventsOf: () => eventsIn(client.writes) }
}
const eventsIn = (writes: readonly string[]): string[] =>
  [...writes.join('').matchAll(/^event: (\w+)$/gm)].map(([, event = '']) => event)

const at = Date.parse('2026-01-05T12:00:00.000Z')
const pressed = aSale(at)
const sold = (id = 7): LedgerEvent => settledEvent(pressed, at, { id })
const applied = (result: OperationResult): LedgerEvent => appliedEvent(pressed, at, result)
const moved = applied({
  kind: 'movement',
  movement: {
    id: 4,
    operationId: pressed.operationId,
    currency: 'BOB',
    sessionId: 1,
    userId: '2',
    direction: 'out',
    amount: money(500),
    reason: 'bolsas',
    at: '2026-01-05T12:00:00.000Z',
  },
})

it('tells a shop’s readers of a sale by its ids, in one write for all of the last moment', async () => {
  const { client } = listen(ana)
  const [first] = client.writes
  expect(first).toBe('id: e1-0\nevent: releer\ndata: {}\n\n')
  streams.receive(sold(7))
  streams.receive(sold(8))
  await clock.advance(199)
  expect(client.writes).toHaveLength(1)
  await clock.advance(1)
  expect(client.writes).toHaveLength(2)
  expect(client.writes[1]).toContain(
    `id: e1-1\nevent: venta\ndata: {"id":7,"id_transaccion":"${pressed.operationId}",` +
      '"estado":"AUTORIZADA","operadora":"Tigo","id_caja_sesion":1,"id_usuario":2}\n\n' +
      'id: e1-2\nevent: venta\ndata: {"id":8,',
  )
  expect(client.writes[1]).not.toMatch(/78945612|1050|10\.5/)
})

it('tells nothing of another shop, and nothing of what was refused', async () => {
  const { eventsOf } = listen(ana)
  const elsewhere = sold()
  streams.receive({ ...elsewhere, data: { ...elsewhere.data, merchant: 'bogota' } } as LedgerEvent)
  streams.receive({
    ...elsewhere,
    type: 'FundsRefused.v1',
    data: { ...elsewhere.data, refusal: { code: 'INSUFFICIENT_FLOAT', details: {} } },
  } as unknown as LedgerEvent)
  await clock.advance(1_000)
  expect(eventsOf()).toEqual(['releer'])
})

it('tells of a movement its own user and every Administrador, of a decision Administradores alone', async () => {
  const readers = [ana, bruno, owner].map((principal) => listen(principal))
  streams.receive(moved)
  streams.receive(
    applied({ kind: 'resolution', topupId: pressed.operationId, state: 'awaiting-second-person' }),
  )
  streams.receive(applied({ kind: 'session', session: aSession() }))
  streams.receive(
    applied({
      kind: 'injection',
      injection: {
        id: 1,
        operationId: pressed.operationId,
        currency: 'BOB',
        sessionId: 1,
        userId: '1',
        operator: tigo,
        amount: money(100),
        at: '2026-01-05T12:00:00.000Z',
      },
    }),
  )
  await clock.advance(200)
  expect(readers.map(({ eventsOf }) => eventsOf().slice(1))).toEqual([
    ['movimiento', 'sesion', 'saldo'],
    ['sesion', 'saldo'],
    ['movimiento', 'decision', 'sesion', 'saldo'],
  ])
})

it('gives a reader that comes back what it missed, or asks it to read again', async () => {
  const { close } = listen(ana)
  streams.receive(sold(7))
  close()
  streams.receive(sold(8))
  streams.receive(moved)
  expect(listen(ana, { lastId: 'e1-1' }).client.writes.join('')).toMatch(/"id":8[^]*movimiento/)
  expect(listen(bruno, { lastId: 'e1-1' }).eventsOf()).toEqual(['venta'])
  expect(listen(ana, { lastId: 'e1-3' }).eventsOf()).toEqual([])
  for (const lastId of ['e1-4', 'e2-1', 'e1-x', 'e1', '', 'e1--1']) {
    expect([lastId, listen(ana, { lastId }).eventsOf()]).toEqual([lastId, ['releer']])
  }
  for (let id = 0; id < 200; id += 1) streams.receive(sold(id))
  expect(listen(owner, { lastId: 'e1-3' }).eventsOf()).toEqual(['releer'])
  await clock.advance(200)
})

it('asks to read again instead of telling hundreds of sales at once', async () => {
  const { client, eventsOf } = listen(ana)
  for (let id = 0; id < 500; id += 1) streams.receive(sold(id))
  await clock.advance(200)
  expect(eventsOf()).toEqual(['releer', 'releer'])
  expect(client.writes[1]).toContain('id: e1-500\n')
})

it('cuts off a client that does not read, and goes on with the others', async () => {
  const [slow, other] = [listen(ana), listen(owner)]
  slow.client.backlog = 65_537
  streams.receive(sold())
  await clock.advance(200)
  expect([slow.client.end, other.eventsOf().at(-1), dropped]).toEqual(['cut', 'venta', ['slow']])
  expect(streams.count()).toBe(1)
})

it('shows every ten seconds that it lives, and ends with the token', async () => {
  const { client } = listen(ana)
  await clock.advance(10_000)
  expect(client.writes).toEqual([expect.stringContaining('releer'), ':\n\n'])
  client.isTokenGood = false
  await clock.advance(2_000)
  expect(client.end).toBe('event: fin\ndata: {"motivo":"token"}\n\n')
  expect([streams.count(), dropped]).toEqual([0, ['token']])
})

it('has a bound for all, and one for each person', () => {
  for (let count = 0; count < 20; count += 1) listen(ana)
  expect([streams.isFull(ana), streams.isFull(bruno)]).toEqual([true, false])
  for (let count = 0; count < 10; count += 1) listen(owner)
  expect(streams.isFull(bruno)).toBe(true)
  expect(dropped).toEqual(['full', 'full'])
})

it('ends every stream when the gateway stops, and takes no other', () => {
  const { client, eventsOf } = listen(ana)
  streams.receive(sold())
  streams.stop()
  expect(eventsOf()).toEqual(['releer', 'venta'])
  expect(client.end).toBe('event: fin\ndata: {"motivo":"cierre"}\n\n')
  expect([streams.count(), streams.isFull(owner)]).toEqual([0, true])
})
