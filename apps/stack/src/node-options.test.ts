import { expect, test } from '@jest/globals'
import { mergeNodeOptions, nodeFlags } from './node-options.ts'

test('a service keeps the NODE_OPTIONS of its caller, and its own come last', () => {
  expect(mergeNodeOptions('--trace-warnings', undefined)).toBe('--trace-warnings')
  expect(mergeNodeOptions(undefined, '--import=x')).toBe('--import=x')
  expect(mergeNodeOptions('--trace-warnings', '--import=x')).toBe('--trace-warnings --import=x')
  expect(mergeNodeOptions(undefined, undefined)).toBe('')
})

test('a flag of NODE_OPTIONS counts more than the flag that the stack would give', () => {
  expect(nodeFlags('')).toEqual(['--max-semi-space-size=16', '--heap-growing-percent=40'])
  expect(nodeFlags('--max_semi_space_size=64 --trace-warnings')).toEqual([
    '--heap-growing-percent=40',
  ])
})

test('the inspector of a service listens on loopback only', () => {
  expect(nodeFlags('', 3017)).toContain('--inspect=127.0.0.1:3017')
})
