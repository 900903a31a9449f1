import { describe, expect, it, test } from '@jest/globals'
import { readJsonText } from './json-text.ts'
import { digitsOf } from './written-number.ts'

const limits = { depthMax: 4, partsMax: 20 }
const read = (json: string) => readJsonText(json, limits)
const valueOf = (json: string) => {
  const reading = read(json)
  if (reading.kind !== 'ok') throw new Error(reading.kind)
  return reading.value
}

describe('a number', () => {
  it.each(['0', '-0', '10', '10.5', '10.50', '10.500000', '1e-1', '0.1e1', '1E+2', '123456789012'])(
    'that JavaScript knows exactly is that number: %s',
    (written) => {
      expect(valueOf(`{"monto":${written}}`)).toEqual({ monto: Number(written) })
    },
  )

  it.each([
    '10.000000000000000001',
    '0.1000000000000000055511151231257827',
    '9007199254740993',
    '1e999',
    '1e-400',
    '-10.000000000000000001',
    `1${'0'.repeat(60)}`,
    `0.${'0'.repeat(60)}1`,
  ])('that it would change keeps its digits: %s', (written) => {
    const value = valueOf(`{"a":[1,{"monto":${written}}]}`) as { a: [number, { monto: unknown }] }
    expect(value.a[0]).toBe(1)
    expect(digitsOf(value.a[1].monto)).toBe(written)
    expect(JSON.stringify(value)).toBe(`{"a":[1,{"monto":"${written}"}]}`)
  })

  it('alone is read too', () => {
    expect(valueOf('10.5')).toBe(10.5)
    expect(digitsOf(valueOf('1e999'))).toBe('1e999')
  })

  it.each(['01', '1.', '.5', '+1', '0x10', '١٢', '１０', 'NaN', 'Infinity', '1_000', '1e', '--1'])(
    'as only other languages write it is no JSON: %s',
    (written) => {
      expect(read(`{"monto":${written}}`)).toEqual({ kind: 'broken' })
    },
  )
})

describe('a name', () => {
  it.each([
    ['{"monto":1,"monto":2}', 'monto'],
    ['{"monto":1,"mont\\u006f":2}', 'monto'],
    ['{"a":{"b":1,"c":[{"b":1}],"b":2}}', 'b'],
    ['{"a":"b\\":","a":1}', 'a'],
  ])('is refused where one object has it twice: %s', (json, name) => {
    expect(read(json)).toEqual({ kind: 'repeated', name })
  })

  it('may be in several objects, and be a value as well', () => {
    const json = '{"a":"a","b":{"a":1},"c":[{"a":1},{"a":2}]}'
    expect(valueOf(json)).toEqual(JSON.parse(json))
  })

  it.each(['__proto__', 'constructor', 'prototype', '$ne', '$where', 'a.b', 'x'.repeat(101)])(
    'that is more than a name to some program is refused: %s',
    (name) => {
      expect(read(JSON.stringify({ a: 1 }).replace('"a"', JSON.stringify(name)))).toEqual({
        kind: 'name-refused',
        name,
      })
    },
  )

  it('may be a coin: existing clients count cash by it', () => {
    expect(valueOf('{"arqueo":{"0.50":4,"100":2}}')).toEqual({ arqueo: { '0.50': 4, 100: 2 } })
  })
})

test('half a character is no text', () => {
  expect(read('{"motivo":"\\ud83d"}')).toEqual({ kind: 'text-refused', name: 'motivo' })
  expect(valueOf('{"motivo":"\\ud83d\\ude00 \\u00f1"}')).toEqual({ motivo: '😀 ñ' })
})

describe('a character that no reader sees', () => {
  const hidden = [
    ['NUL', 0x00],
    ['backspace', 0x08],
    ['vertical tab', 0x0b],
    ['form feed', 0x0c],
    ['escape', 0x1b],
    ['delete', 0x7f],
    ['next line', 0x85],
    ['application command', 0x9f],
    ['Arabic letter mark', 0x061c],
    ['left-to-right mark', 0x200e],
    ['right-to-left override', 0x202e],
    ['right-to-left isolate', 0x2067],
    ['pop directional isolate', 0x2069],
  ] as const
  const escaped = (code: number) => `\\u${code.toString(16).padStart(4, '0')}`

  it.each(hidden)('is refused in a text, escaped or not: %s', (_, code) => {
    const refused = { kind: 'text-refused', name: 'motivo' }
    expect(read(`{"id":1,"motivo":"a${escaped(code)}b","monto":1}`)).toEqual(refused)
    expect(read(`{"motivo":"${escaped(code)}"}`)).toEqual(refused)
    // JSON itself wants the C0 controls escaped.
    if (code < 0x20) return
    expect(read(`{"motivo":"a${String.fromCharCode(code)}b"}`)).toEqual(refused)
  })

  it('is refused wherever a text is: alone, in a list, deep within, in a name', () => {
    expect(read('"\\u202e"')).toEqual({ kind: 'text-refused', name: '' })
    expect(read('{"motivo":["a","b\\u0000"]}')).toEqual({ kind: 'text-refused', name: '1' })
    expect(read('{"a":{"b":[{"nota":"\\u0007"}]}}')).toEqual({ kind: 'text-refused', name: 'nota' })
    expect(read('{"motivo":"a","no\\u200fta":"b"}')).toEqual({
      kind: 'name-refused',
      name: 'no\u200fta',
    })
  })

  it.each(['dos\nlíneas', 'dos\r\nlíneas', 'a\tb', '😀 ñ', 'a\u00a0b', 'עברית', 'a\u200db'])(
    'is none of those that people write: %j',
    (text) => {
      expect(valueOf(JSON.stringify({ motivo: text }))).toEqual({ motivo: text })
    },
  )
})

test('depth and number of parts have a limit', () => {
  expect(read('[[[[]]]]').kind).toBe('ok')
  expect(read('[[[[[]]]]]').kind).toBe('too-complex')
  expect(read(JSON.stringify(Array.from({ length: 21 }, () => 0))).kind).toBe('ok')
  expect(read(JSON.stringify(Array.from({ length: 22 }, () => 0))).kind).toBe('too-complex')
})

test('the longest body, of whatever kind, is read in no time', () => {
  const bytes = 16_000
  const longest = [
    '['.repeat(bytes / 2) + ']'.repeat(bytes / 2),
    `{"a":"${'\\u0061'.repeat(bytes / 6)}"}`,
    `{"a":"${'"'.replace('"', '\\"').repeat(bytes / 2)}"}`,
    `{"a":${'9'.repeat(bytes)}}`,
    `{"a":0.${'0'.repeat(bytes)}1}`,
    `{"a":1e${'9'.repeat(bytes)}}`,
    `[${'0,'.repeat(bytes / 2)}0]`,
    `{${Array.from({ length: 1_500 }, (_, index) => `"k${index}":0`).join()}}`,
  ]
  const startedAt = process.cpuUsage()
  for (const json of longest) read(json)
  const { user, system } = process.cpuUsage(startedAt)
  expect((user + system) / 1_000).toBeLessThan(500)
})
