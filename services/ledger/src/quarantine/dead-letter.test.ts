import { describe, expect, it } from '@jest/globals'
import { tigoSale } from '@recargas/contracts/testing'
import type { WholeMessage } from '@recargas/messaging'
import { acceptUntilOf, readDeadLetter } from './dead-letter.ts'

const command = {
  specversion: '1.0',
  id: 'm-1',
  source: 'api-gateway',
  type: 'RequestTopup.v1',
  subject: 's',
  time: '2026-11-21T08:00:00.000Z',
  correlationid: 'c-1',
  data: {
    operationId: '00000000-0000-4000-8000-000000000001',
    merchant: 'principal',
    currency: 'BOB',
    actor: { userId: '2', username: 'ana', role: 'Operador' },
    requestedAt: '2026-11-21T08:00:00.000Z',
    acceptUntil: '2026-11-21T08:00:10.000Z',
    keyed: true,
    shop: { timeZone: 'America/La_Paz', openingCount: 'record' },
    fingerprint: 'A'.repeat(43),
    ...tigoSale,
  },
}

const aLetter = (changes: Partial<WholeMessage> = {}): WholeMessage => ({
  body: Buffer.from(JSON.stringify(command)),
  messageId: 'm-1',
  type: 'RequestTopup.v1',
  correlationId: 'c-1',
  routingKey: 'ledger.3.v1',
  headers: {
    'origin-queue': 'ledger.3.v1',
    'last-error-code': 'OPERATION_FAILED',
    'last-error-detail': 'a rule',
    'first-failure-at': '2026-11-21T08:00:01.000Z',
    attempt: 3,
  },
  ...changes,
})

describe('a dead letter', () => {
  it('has its cause, queue, tries, shop and partition', () => {
    expect(readDeadLetter(aLetter())).toMatchObject({
      cause: 'OPERATION_FAILED',
      detail: 'a rule',
      queue: 'ledger.3.v1',
      merchant: 'principal',
      partition: 3,
      attempts: 3,
      firstFailureAt: new Date('2026-11-21T08:00:01.000Z'),
      replay: 0,
      isCut: false,
    })
  })

  it('of the broker itself has the cause and the queue that the broker names', () => {
    const death = [{ queue: 'adapter.tpaga.topup.v1', reason: 'delivery_limit', count: 1 }]
    expect(readDeadLetter(aLetter({ headers: { 'x-death': death } }))).toMatchObject({
      cause: 'DELIVERY_LIMIT',
      queue: 'adapter.tpaga.topup.v1',
      partition: null,
      attempts: 1,
    })
  })

  it('that came twice is the same document; another body, id or queue is another one', () => {
    const { id } = readDeadLetter(aLetter())
    const again = aLetter({ headers: { 'origin-queue': 'ledger.3.v1', attempt: 8, replay: 2 } })
    expect(readDeadLetter(again).id).toBe(id)
    const others = [
      aLetter({ body: Buffer.from('{}') }),
      aLetter({ messageId: 'm-2' }),
      aLetter({ headers: { 'origin-queue': 'ledger.4.v1' } }),
    ].map((letter) => readDeadLetter(letter).id)
    expect(new Set([id, ...others]).size).toBe(4)
  })

  it.each([
    ['nothing at all', Buffer.alloc(0)],
    ['a broken text', Buffer.from('{"id":')],
    ['bytes', Buffer.from([0xff, 0xfe, 0x00])],
    ['a list', Buffer.from('[1,2]')],
    ['null', Buffer.from('null')],
    ['strange members', Buffer.from('{"id":7,"type":{},"data":{"merchant":[]}}')],
  ])('is taken whatever is in it: %s', (_, body) => {
    const bare = aLetter({ body, messageId: '', type: '', correlationId: '', headers: {} })
    expect(readDeadLetter(bare)).toMatchObject({
      cause: 'UNKNOWN',
      queue: 'ledger.3.v1',
      type: '',
      messageId: '',
      merchant: null,
    })
  })

  it('keeps a code it does not know beside the cause, and only the beginning of a giant', () => {
    const headers = { 'last-error-code': 'NEW_CODE', 'last-error-detail': 'why' }
    expect(readDeadLetter(aLetter({ headers }))).toMatchObject({
      cause: 'UNKNOWN',
      detail: 'NEW_CODE: why',
    })
    const giant = readDeadLetter(aLetter({ body: Buffer.alloc(9 * 1024 * 1024, 'x') }))
    expect(giant).toMatchObject({ isCut: true, bytes: 9 * 1024 * 1024 })
    expect(giant.body.byteLength).toBe(8 * 1024 * 1024)
  })
})

it('gives the limit of a command, and none for any other message', () => {
  expect(acceptUntilOf(Buffer.from(JSON.stringify(command)))).toBe(
    Date.parse(command.data.acceptUntil),
  )
  expect(acceptUntilOf(Buffer.from('{"type":"RequestTopup.v1"}'))).toBeNull()
})
