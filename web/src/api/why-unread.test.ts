import { afterEach, expect, test } from '@jest/globals'
import { language } from '../language/language.ts'
import { asFailure, type Failure } from './answer.ts'
import type { Shown } from './resource.ts'
import { whyUnread } from './why-unread.ts'

const noAnswer = asFailure(new TypeError('Failed to fetch'))
const refused: Failure = Object.assign(new Error('refused'), {
  status: 503,
  code: 'LEDGER_UNAVAILABLE',
  sentence: 'Más tarde.',
  operationId: null,
})
const old: Shown<readonly string[]> = { state: 'shown', value: [], at: 0, failure: noAnswer }

afterEach(() => {
  language.value = 'es'
})

test.each([
  ['is still read', { state: 'loading' }, 'Cargando…', 'Loading…'],
  [
    'got no answer',
    { state: 'failed', failure: noAnswer },
    'El sistema no respondió.',
    'The system did not answer.',
  ],
  ['is empty, and old', old, null, null],
] as const)('a value that %s has its reason in both languages', (_, shown, spanish, english) => {
  expect(whyUnread(shown)).toBe(spanish)
  language.value = 'en'
  expect(whyUnread(shown)).toBe(english)
})

test('a refused read tells the sentence of the gateway', () => {
  expect(whyUnread({ state: 'failed', failure: refused })).toBe('Más tarde.')
})
