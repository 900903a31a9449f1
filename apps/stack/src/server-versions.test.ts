import { expect, test } from '@jest/globals'
import { versionsAsked } from './server-versions.ts'

test('servers of any version serve where none is asked for', () => {
  expect(versionsAsked({})).toEqual({ mongodb: 'any', rabbitmq: 'any' })
  expect(versionsAsked({ STACK_MONGODB: '', STACK_RABBITMQ: '4.3' })).toEqual({
    mongodb: 'any',
    rabbitmq: '4.3',
  })
})

test('a version that cannot be had is refused with those that can', () => {
  expect(() => versionsAsked({ STACK_RABBITMQ: '5' })).toThrow('STACK_RABBITMQ=5: one of any, 4.3')
  expect(() => versionsAsked({ STACK_MONGODB: '8' })).toThrow('one of any, 6.0.27')
})
