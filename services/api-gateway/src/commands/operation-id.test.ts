import { expect, test } from '@jest/globals'
import { Command, money } from '@recargas/contracts'
import { version } from 'uuid'
import { aSale, merchant, namespace, operationId } from '../testing/samples.ts'
import { serializeCommand } from './serialize-command.ts'
import { operationIdOf, readIdempotencyKey } from './operation-id.ts'

const identity = {
  merchant,
  subject: '2',
  route: 'POST /recargas/cliente',
  key: 'abc',
}

test('every press with one key names one operation', () => {
  const id = operationIdOf(identity, namespace)
  expect(operationIdOf({ ...identity }, namespace)).toBe(id)
  expect(version(id)).toBe(5)
})

test.each<readonly [string, Partial<typeof identity>]>([
  ['merchant', { merchant: 'bogota' as typeof merchant }],
  ['cashier', { subject: '3' }],
  ['route', { route: 'POST /recargas/inyeccion' }],
  ['key', { key: 'abd' }],
])('another %s is another operation', (_, change) => {
  expect(operationIdOf({ ...identity, ...change }, namespace)).not.toBe(
    operationIdOf(identity, namespace),
  )
})

test('the parts of an identity cannot run into each other', () => {
  expect(operationIdOf({ ...identity, subject: '2","x', key: 'y' }, namespace)).not.toBe(
    operationIdOf({ ...identity, subject: '2', key: 'x","y' }, namespace),
  )
})

test('a ledger born anew never meets an old id', () => {
  expect(operationIdOf(identity, '00000000-0000-4000-8000-000000000000')).not.toBe(
    operationIdOf(identity, namespace),
  )
})

test('without a key each press is its own operation', () => {
  const first = operationIdOf({ ...identity, key: null }, namespace)
  expect(operationIdOf({ ...identity, key: null }, namespace)).not.toBe(first)
  expect(version(first)).toBe(7)
})

test('a key may be bare or quoted, and means the same', () => {
  expect(readIdempotencyKey('"a-1"')).toBe(readIdempotencyKey('a-1'))
  expect(readIdempotencyKey(undefined)).toBeNull()
  expect(readIdempotencyKey('k'.repeat(255))).toHaveLength(255)
})

test.each(['', '""', 'two words', 'ñ', 'k'.repeat(256), 'a\tb', 'a, b'])(
  'refuses %j as a key',
  (key) => {
    expect(() => readIdempotencyKey(key)).toThrow('IDEMPOTENCY_KEY_INVALID')
  },
)

test('an envelope’s id contains its operation and the till’s exact request, not the time', () => {
  const first = aSale(1_700_000_000_000)
  expect(aSale(1_700_000_005_000).command.id).toBe(first.command.id)
  expect(aSale(1_700_000_000_000, { number: '70000000' }).command.id).not.toBe(first.command.id)
  expect(aSale(0, { confirmDuplicate: true }).command.id).not.toBe(first.command.id)
  expect(first.command.id).toMatch(new RegExp(`^${operationId}:RequestTopup:[\\w-]{16}$`))
})

test('a published command parses by the contracts', () => {
  const serialized = serializeCommand(
    {
      type: 'CloseSession.v1',
      data: {
        operationId,
        merchant,
        currency: 'BOB',
        actor: { userId: '2', username: '', role: 'Operador' },
        requestedAt: '2026-01-05T12:00:00.000Z',
        acceptUntil: '2026-01-05T12:00:10.000Z',
        keyed: false,
        shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
        fingerprint: 'A'.repeat(43),
        sessionId: 1,
        counted: money(0),
        acceptPending: false,
      },
    },
    { correlationId: 'pos-1' },
    0,
  )
  expect(Command.parse(JSON.parse(serialized.body))).toEqual(serialized.command)
  expect(Command.parse(JSON.parse(aSale(0).body))).toEqual(aSale(0).command)
})
