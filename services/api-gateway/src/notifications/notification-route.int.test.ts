import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { eventually } from '@recargas/runtime/testing'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import { aSale, settledEvent } from '../testing/samples.ts'
import { aToken } from '../testing/token.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())

const listen = async (headers: Record<string, string> = asAdministrator) => {
  const response = await fetch(`${edge.url}/eventos`, { headers })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  return {
    response,
    /** Reads until the text is there, or until the end. */
    until: async (wanted: string): Promise<string> => {
      while (!text.includes(wanted)) {
        const part = await reader?.read()
        if (part?.done !== false) break
        text += part.value
      }
      return text
    },
    leave: () => reader?.cancel(),
  }
}
const count = (): number => edge.notifications.count()
const none = (streams: number) => streams === 0

test('a sale at any gateway is told within the second, and a client that left is forgotten', async () => {
  const { response, until, leave } = await listen()
  expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
  expect(response.headers.get('cache-control')).toBe('no-store')
  await until('event: releer')
  expect(count()).toBe(1)
  const startedAt = Date.now()
  edge.receive(settledEvent(aSale(Date.now()), Date.now()))
  expect(await until('event: venta')).toContain('"estado":"AUTORIZADA"')
  expect(Date.now() - startedAt).toBeLessThan(1_000)
  await leave()
  await eventually(count, none)
})

test('HEAD opens nothing', async () => {
  const response = await fetch(`${edge.url}/eventos`, { method: 'HEAD', headers: asAdministrator })
  expect([response.status, count()]).toEqual([200, 0])
})

test('a stream ends soon after its token', async () => {
  // Still good when the stream opens, for two seconds and the clocks' tolerance at most.
  const exp = Math.floor(Date.now() / 1_000) + 2
  const { until } = await listen({ authorization: `Bearer ${aToken({ exp })}` })
  expect(await until('event: fin')).toContain('{"motivo":"token"}')
  await eventually(count, none)
})

test('past the bound a client is asked to poll, and at the end every stream is ended', async () => {
  const open = await Promise.all(Array.from({ length: 20 }, () => listen()))
  const refused = await edge.get('/eventos', asAdministrator)
  expect([refused.status, refused.body['code'], refused.headers.get('retry-after')]).toEqual([
    503,
    'TOO_MANY_STREAMS',
    '30',
  ])
  edge.notifications.stop()
  const [first] = open
  expect(await first?.until('event: fin')).toContain('{"motivo":"cierre"}')
  await Promise.all(open.map(({ until }) => until('\n\nnever')))
  expect(count()).toBe(0)
})
