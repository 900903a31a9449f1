import { expect, test } from '@jest/globals'
import { readArguments } from './arguments.ts'

test('every port follows the base', () => {
  const { services, servers } = readArguments(['--port-base', '4000'])
  expect(services).toEqual({ gateway: 4000, ledger: 4001, adapter: 4002, sandbox: 4003 })
  const all = [...Object.values(services), ...Object.values(servers)]
  expect(new Set(all).size).toBe(10)
  expect(all.every((port) => port >= 4000 && port < 4100)).toBe(true)
})

test('an impossible port base or backend is refused', () => {
  expect(() => readArguments(['--port-base', '80'])).toThrow('port base 80')
  expect(() => readArguments(['--port-base', 'high'])).toThrow('port base high')
  expect(() => readArguments(['--backend', 'cloud'])).toThrow('no backend cloud')
})

test('an unknown flag is refused, not ignored', () => {
  expect(() => readArguments(['--rest'])).toThrow('--rest')
})

test('data are deleted only on demand', () => {
  expect(readArguments([]).reset).toBe(false)
  expect(readArguments(['--reset']).reset).toBe(true)
})

test('the services are left out only on demand', () => {
  expect(readArguments([]).serversOnly).toBe(false)
  expect(readArguments(['--servers-only']).serversOnly).toBe(true)
})

test('a debugger may attach to the services that are named, each at a port of its own', () => {
  expect(readArguments([]).inspect).toEqual({})
  const { inspect } = readArguments([
    '--port-base',
    '4000',
    '--inspect',
    'ledger',
    '--inspect=gateway',
  ])
  expect(inspect).toEqual({ ledger: 4017, gateway: 4019 })
  expect(() => readArguments(['--inspect', 'mongodb'])).toThrow('sandbox, ledger, adapter, gateway')
})
