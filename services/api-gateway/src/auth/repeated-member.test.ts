import { expect, test } from '@jest/globals'
import { hasRepeatedMember } from './repeated-member.ts'

test.each([
  '{"sub":1,"sub":2}',
  '{"sub":1,"s\\u0075b":2}',
  '{"a":{"b":1,"b":2}}',
  '{"a":[{"b":1},{"b":1,"c":[],"b":2}]}',
  '{"a":{"a":1},"a":2}',
])('%s names a member twice', (json) => {
  expect(hasRepeatedMember(json)).toBe(true)
})

test.each([
  '{}',
  '{"a":1,"b":1}',
  '{"a":"a","b":"\\"a\\":1"}',
  '{"a":{"a":{"a":1}}}',
  '[{"a":1},{"a":1}]',
  '{"a":["a","a"],"b":"{\\"a\\":1,\\"a\\":2}"}',
])('%s does not', (json) => {
  expect(hasRepeatedMember(json)).toBe(false)
})
