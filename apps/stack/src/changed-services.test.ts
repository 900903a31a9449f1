import { expect, test } from '@jest/globals'
import { changedServices } from './changed-services.ts'
import { workspaceDependencies } from './watch-sources.ts'

const dependencies = workspaceDependencies()
const changed = (...folders: string[]) => changedServices(new Set(folders), dependencies)

test('a change of one service concerns that service only', () => {
  expect(changed('services/ledger')).toEqual(['ledger'])
  expect(changed('packages/tpaga-sandbox')).toEqual(['sandbox'])
})

test('a change of a package concerns every service that depends on it, at any depth', () => {
  expect(changed('packages/contracts')).toEqual(['ledger', 'adapter', 'gateway'])
  expect(changed('packages/messaging', 'packages/tpaga-sandbox')).toEqual([
    'sandbox',
    'ledger',
    'adapter',
    'gateway',
  ])
})

test('a change of the tools or of no code at all restarts nothing', () => {
  expect(changed()).toEqual([])
  expect(changed('tools')).toEqual([])
  expect(changed('packages/client')).toEqual([])
})
