import { expect, test } from '@jest/globals'
import { readTokenArguments } from './token-arguments.ts'

test('a development token is an Administrador’s by default', () => {
  expect(readTokenArguments([])).toEqual({
    kind: 'token',
    holder: { userId: 1, role: 'Administrador', merchant: undefined, ttl: undefined },
  })
  expect(
    readTokenArguments([
      '--role',
      'Operador',
      '--user',
      '2',
      '--merchant',
      'bogota',
      '--ttl',
      '30m',
    ]),
  ).toEqual({
    kind: 'token',
    holder: { userId: 2, role: 'Operador', merchant: 'bogota', ttl: '30m' },
  })
})

test.each([
  ['a role the gateway does not know', ['--role', 'Cajero'], 'Administrador, Operador, Usuario'],
  ['a user that is no number', ['--user', 'ana'], 'a whole number above 0'],
  ['a user below 1', ['--user', '0'], 'a whole number above 0'],
  ['a time without a unit', ['--ttl', '8'], '30m, 8h or 7d'],
  ['an option that there is not', ['--rol', 'Operador'], '--rol'],
])('%s is refused, and the message says what is allowed', (_, args, message) => {
  expect(() => readTokenArguments(args)).toThrow(message)
})
