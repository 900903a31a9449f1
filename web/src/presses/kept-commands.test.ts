import { describe, expect, test } from '@jest/globals'
import type { KeptCommand } from './command.ts'
import { createKeptCommands } from './kept-commands.ts'
import { createLocks } from './locks.ts'

type Command = { readonly sessionId: number }
const close: Command = { sessionId: 1 }
const failed = (status: number | null, code: string, operationId: string | null = null) =>
  Object.assign(new Error(code), { status, code, sentence: 'No.', operationId })

/** Commands whose gateway gives these answers one after the other; null is success. */
const commandsWith = (answers: readonly (Error | null)[]) => {
  const disk = new Map<string, KeptCommand<Command>>()
  const sent: string[] = []
  let keys = 0
  const open = () =>
    createKeptCommands(
      {
        store: {
          load: (owner) =>
            Promise.resolve([...disk.values()].find((kept) => kept.owner === owner) ?? null),
          keep: (kept) => Promise.resolve(void disk.set(kept.key, kept)),
          drop: (key) => Promise.resolve(void disk.delete(key)),
        },
        send: ({ key }) => {
          const answer = answers[sent.push(key) - 1] ?? null
          return answer === null ? Promise.resolve() : Promise.reject(answer)
        },
        locks: createLocks(undefined),
        newKey: () => `k${++keys}`,
        now: () => 0,
      },
      'caja',
      'm/2',
    )
  return { open, sent, disk }
}

describe('a kept command', () => {
  test('is forgotten once it is done', async () => {
    const { open, disk } = commandsWith([null])
    expect(await open().press(close)).toEqual({ kind: 'done', command: close })
    expect(disk.size).toBe(0)
  })

  test('is refused, and the next press has a key of its own', async () => {
    const { open, sent, disk } = commandsWith([failed(409, 'COUNT_NEEDS_REASON', 'id'), null])
    const commands = open()
    expect((await commands.press(close)).kind).toBe('refused')
    expect(disk.size).toBe(0)
    expect((await commands.press(close)).kind).toBe('done')
    expect(sent).toEqual(['k1', 'k2'])
  })

  test.each([failed(null, 'lost'), failed(503, 'OUTCOME_UNKNOWN'), failed(401, 'TOKEN_INVALID')])(
    'without an outcome (%s) goes on under the same key after a reload',
    async (failure) => {
      const { open, sent, disk } = commandsWith([failure, null])
      expect((await open().press(close)).kind).toBe('unknown')
      expect(disk.size).toBe(1)
      const next = open()
      await next.resume()
      expect(next.outcome.value).toEqual({ kind: 'done', command: close })
      expect([sent, disk.size]).toEqual([['k1', 'k1'], 0])
    },
  )

  test('is not given up for a refusal that says nothing of its first attempt', async () => {
    const answers = [failed(null, 'lost'), failed(403, 'FORBIDDEN'), failed(400, 'X', 'id')]
    const { open } = commandsWith(answers)
    const commands = open()
    await commands.press(close)
    await commands.resume()
    expect(commands.kept.value?.key).toBe('k1')
    await commands.resume()
    expect([commands.kept.value, commands.outcome.value?.kind]).toEqual([null, 'refused'])
  })

  test('makes another one impossible until its outcome is known', async () => {
    const { open, sent } = commandsWith([failed(null, 'lost')])
    const commands = open()
    await commands.press(close)
    expect((await commands.press(close)).kind).toBe('unknown')
    expect(sent).toEqual(['k1'])
  })
})
