import { expect, test } from '@jest/globals'
import { repliesOf } from './block-store.ts'

const refused = (index: number, code: number) => ({ index, code })

test('a reply without errors proves every document', () => {
  expect(repliesOf({}, 2)).toEqual(['inserted', 'inserted'])
})

test('a duplicate key is one document’s own, and its neighbours are inserted', () => {
  const reply = { writeErrors: [refused(1, 11_000)] }
  expect(repliesOf(reply, 3)).toEqual(['inserted', 'duplicate-key', 'inserted'])
})

test('another write error proves nothing', () => {
  expect(repliesOf({ writeErrors: [refused(0, 10_334)] }, 2)).toEqual(['unknown', 'inserted'])
})

test('a write concern error leaves every document in doubt that has no write error, also beside one', () => {
  const writeConcernError = { code: 64, errmsg: 'waiting for replication timed out' }
  expect(repliesOf({ writeConcernError }, 1)).toEqual(['unknown'])
  const beside = { writeConcernError, writeErrors: [refused(0, 11_000)] }
  expect(repliesOf(beside, 2)).toEqual(['duplicate-key', 'unknown'])
})
