import { Writable } from 'node:stream'
import { afterEach, describe, expect, it } from '@jest/globals'
import { createLog } from './log.ts'

const number = '3110002222'
const token = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.Zm9yZ2VkLXNpZ25hdHVyZQ'

describe('a line of the log', () => {
  const lines: string[] = []
  const stream = new Writable({
    write: (text, _encoding, taken) => {
      lines.push(String(text))
      taken()
    },
  })
  afterEach(() => {
    lines.length = 0
  })
  const logged = (message: string, fields?: Record<string, unknown>): Record<string, unknown> => {
    createLog('a-service', 'info', { stream }).info(message, fields)
    return JSON.parse(lines.join('')) as Record<string, unknown>
  }

  it.each<readonly [string, string, Record<string, unknown>]>([
    ['in the message', `sold to ${number}`, {}],
    ['in a field', 'sold', { to: number }],
    ['in a nested field', 'sold', { sale: { to: [{ cliente: number }] } }],
    ['as a figure', 'sold', { body: { numero_cliente: Number(number) } }],
    ['in an error', 'failed', { error: new Error(`no "${number}"`) }],
    [
      'in a piece of JSON',
      'failed',
      { error: new SyntaxError(`..."number":${number}}" is not JSON`) },
    ],
    ['with its country', 'sold', { to: `+57${number}` }],
    ['in a path', 'asked', { path: `/numbers/${number}/state` }],
    ['in an address', 'asked', { url: `https://carrier.example/x?number=${number}&a=1` }],
  ])('never shows a phone number %s', (_, message, fields) => {
    logged(message, fields)
    expect(lines.join('')).not.toContain(number.slice(0, 8))
    expect(lines.join('')).toContain('*22')
  })

  it.each<readonly [string, string, Record<string, unknown>]>([
    ['a token', token, { field: token }],
    ['a token behind its scheme', `Bearer ${token}`, {}],
    ['a service token', 'a header', { header: 'Bearer its-own-service-token' }],
    ['an api key', 'a header', { headers: { Authorization: 'its-own-service-token' } }],
    ['a password in an address', 'amqp://ledger:its-own-service-token@broker:5672/x refused', {}],
    ['a password', 'no entry', { error: new Error('mongodb://a:its-own-service-token@h,i/x') }],
  ])('never shows %s', (_, message, fields) => {
    logged(message, fields)
    expect(lines.join('')).not.toContain('its-own-service-token')
    expect(lines.join('')).not.toContain('eyJhbGci')
    expect(lines.join('')).toContain('***')
  })

  it('keeps ids and causes', () => {
    const fields = {
      operationId: '01890000-0000-7000-8000-000000000001',
      another: '12345678-1234-4234-8234-123456789012',
      at: '2026-11-21T15:00:00.000Z',
      ms: 1_732_200_000_000,
      ratio: '0.12345678901',
      error: { code: 11_000, host: '127.0.0.1:27017' },
      hash: 'ab12345678cd',
    }
    expect(logged('kept', fields)).toMatchObject({ ...fields, message: 'kept' })
  })
})
