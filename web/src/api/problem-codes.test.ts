import { readFileSync } from 'node:fs'
import { afterEach, describe, expect, test } from '@jest/globals'
import { language } from '../language/language.ts'
import { asFailure, sentenceOf, valueOf, type Failure } from './answer.ts'
import { codeWords } from './problem-codes.ts'

const document = readFileSync(new URL('../../../docs/errors.md', import.meta.url), 'utf8')
const documented = [...document.matchAll(/^\| \d{3} +\| `([A-Z_]+)`/gm)].map(([, code]) => code)

afterEach(() => {
  language.value = 'es'
})

test('every code of the API has a sentence in English, and no other one has', () => {
  expect(documented.length).toBeGreaterThan(70)
  expect(Object.keys(codeWords).sort()).toEqual([...documented].sort())
})

describe('the sentence for the cashier', () => {
  const answered = async (status: number, error: unknown): Promise<Failure> => {
    const response = new Response(null, { status })
    const asked = valueOf(Promise.resolve({ error, response }))
    return asked.then(() => {
      throw new Error('it was no failure')
    }, asFailure)
  }

  test('is the gateway’s own in Spanish, and the code’s in English', async () => {
    const failure = await answered(409, { code: 'CASE_CLOSED', message: ['Uno.', 'Dos.'] })
    expect(sentenceOf(failure)).toBe('Uno. Dos.')
    language.value = 'en'
    expect(sentenceOf(failure)).toBe('The case is closed already.')
  })

  test('names a code of a newer gateway', async () => {
    language.value = 'en'
    expect(sentenceOf(await answered(400, { code: 'NEW_ONE', message: 'x' }))).toContain('NEW_ONE')
  })

  test.each([null, 'proxy', { code: 5 }])(
    'says that nothing answered for the body %j',
    async (body) => {
      expect(sentenceOf(await answered(502, body))).toBe('El sistema no respondió.')
    },
  )
})
