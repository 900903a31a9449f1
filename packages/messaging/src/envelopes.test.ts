import { expect, test } from '@jest/globals'
import { openBody, pieceOf } from './envelopes.ts'

const body = (content: unknown) => Buffer.from(JSON.stringify(content))

test('a body is one envelope or an array of them', () => {
  expect(openBody(body({ id: 'a' }))).toEqual({ ok: true, values: [{ id: 'a' }], isArray: false })
  expect(openBody(body([1, 2]))).toEqual({ ok: true, values: [1, 2], isArray: true })
})

test('a body that is not JSON is unreadable', () => {
  for (const text of ['', '{', '[1,', 'null null', '\u0000']) {
    expect(openBody(Buffer.from(text))).toMatchObject({ ok: false, code: 'UNREADABLE' })
  }
})

test('an array holds 1 to 128 envelopes', () => {
  expect(openBody(body([]))).toMatchObject({ ok: false, code: 'INVALID' })
  expect(openBody(body(Array(128).fill(0)))).toMatchObject({ ok: true })
  expect(openBody(body(Array(129).fill(0)))).toMatchObject({ ok: false, code: 'INVALID' })
})

test('one envelope is no longer than 64 KiB, an array no longer than 128 of them', () => {
  const text = (bytes: number) => Buffer.from(`"${'x'.repeat(bytes - 2)}"`)
  expect(openBody(text(64 * 1024))).toMatchObject({ ok: true })
  expect(openBody(text(64 * 1024 + 1))).toMatchObject({ ok: false, code: 'INVALID' })
  expect(openBody(body(['x'.repeat(64 * 1024)]))).toMatchObject({ ok: true })
  const spaces = Buffer.concat([Buffer.from('[0'), Buffer.alloc(8 * 1024 * 1024, ' ')])
  expect(openBody(spaces)).toMatchObject({ ok: false, code: 'INVALID' })
})

const whole = { body: () => Buffer.from('whole'), messageId: 'm', type: 't', correlationId: 'c' }

test('an envelope of an array goes on by itself, under its own names', () => {
  const value = { id: 'a', type: 'note', correlationid: 'x' }
  const piece = pieceOf(value, whole, true)
  expect(piece).toMatchObject({ value, messageId: 'a', type: 'note', correlationId: 'x' })
  expect(piece.body()).toEqual(body(value))
})

test('a message of one envelope goes on with the very bytes it came with', () => {
  expect(pieceOf({ id: 'a' }, whole, false)).toMatchObject({ body: whole.body, type: 't' })
})

test('names that AMQP cannot carry are those of the message instead', () => {
  for (const id of [7, '', 'é'.repeat(101), null, undefined]) {
    expect(pieceOf({ id }, whole, false).messageId).toBe('m')
  }
  expect(pieceOf(null, whole, false).messageId).toBe('m')
})
