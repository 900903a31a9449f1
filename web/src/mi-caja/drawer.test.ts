import { describe, expect, test } from '@jest/globals'
import { createLocks } from '../presses/locks.ts'
import type { Command, KeptCommand } from './command.ts'
import { createDrawer } from './drawer.ts'

const close: Command = {
  kind: 'close',
  sessionId: 1,
  body: { monto_final_real: 10, denominaciones: [{ valor: 10, cantidad: 1 }] },
}
const failed = (status: number | null, code: string, operationId: string | null = null) =>
  Object.assign(new Error(code), { status, code, sentence: 'No.', operationId })

/** A drawer whose gateway gives these answers one after the other; null is success. */
const drawerWith = (answers: readonly (Error | null)[]) => {
  const disk = new Map<string, KeptCommand>()
  const sent: string[] = []
  let keys = 0
  const open = () =>
    createDrawer(
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
      'm/2',
    )
  return { open, sent, disk }
}

describe('a change of the drawer', () => {
  test('is forgotten once it is done', async () => {
    const { open, disk } = drawerWith([null])
    expect(await open().press(close)).toEqual({ kind: 'done', command: close })
    expect(disk.size).toBe(0)
  })

  test('without a reason is refused, and the next press has a key of its own', async () => {
    const { open, sent, disk } = drawerWith([failed(409, 'COUNT_NEEDS_REASON', 'id'), null])
    const drawer = open()
    expect((await drawer.press(close)).kind).toBe('refused')
    expect(disk.size).toBe(0)
    expect((await drawer.press(close)).kind).toBe('done')
    expect(sent).toEqual(['k1', 'k2'])
  })

  test.each([failed(null, 'lost'), failed(503, 'OUTCOME_UNKNOWN'), failed(401, 'TOKEN_INVALID')])(
    'without an outcome (%s) goes on under the same key after a reload',
    async (failure) => {
      const { open, sent, disk } = drawerWith([failure, null])
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
    const { open } = drawerWith(answers)
    const drawer = open()
    await drawer.press(close)
    await drawer.resume()
    expect(drawer.kept.value?.key).toBe('k1')
    await drawer.resume()
    expect([drawer.kept.value, drawer.outcome.value?.kind]).toEqual([null, 'refused'])
  })

  test('makes another one impossible until its outcome is known', async () => {
    const { open, sent } = drawerWith([failed(null, 'lost')])
    const drawer = open()
    await drawer.press(close)
    expect((await drawer.press(close)).kind).toBe('unknown')
    expect(sent).toEqual(['k1'])
  })
})
