import { createServer as createHttpServer, type RequestListener } from 'node:http'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { afterEach, describe, expect, test } from '@jest/globals'
import { eventually } from '@recargas/runtime/testing'
import type { CallResult } from '../../domain/call-result.ts'
import { createCarrierClient, type CarrierClient, type ClientSettings } from './client.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

const listening = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => {
    for (const socket of sockets) socket.destroy()
    return new Promise((resolve) => server.close(resolve))
  })
  return (server.address() as AddressInfo).port
}
const aClient = (baseUrl: string, changes: Partial<ClientSettings> = {}): CarrierClient => {
  const client = createCarrierClient({
    baseUrl,
    apiKey: 'ak-1',
    connectTimeoutMs: 2_000,
    callTimeoutMs: 5_000,
    connections: 4,
    ...changes,
  })
  closing.push(() => client.close())
  return client
}
const aCarrier = async (answer: RequestListener, changes: Partial<ClientSettings> = {}) => {
  const requests: { path: string; headers: object; body: string }[] = []
  const server = createHttpServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      requests.push({ path: request.url ?? '', headers: request.headers, body })
      answer(request, response)
    })
  })
  const port = await listening(server)
  return { client: aClient(`http://127.0.0.1:${port}/api/v1/`, changes), requests }
}
const sale = { method: 'POST', path: '/topup_account', body: '{"amount":10}' } as const

describe('a request', () => {
  test('carries the exact bytes and the bare API key, below the base path', async () => {
    const { client, requests } = await aCarrier((_request, response) => response.end('{}'))
    await client.call(sale)
    expect(requests).toEqual([
      {
        path: '/api/v1/topup_account',
        body: '{"amount":10}',
        headers: expect.objectContaining({
          authorization: `Basic ${Buffer.from('ak-1').toString('base64')}`,
          'content-type': 'application/json',
        }),
      },
    ])
  })
})

describe('an answer', () => {
  const observe = async (answer: RequestListener): Promise<CallResult> =>
    (await aCarrier(answer)).client.call(sale)

  test('is its code and its JSON', async () => {
    expect(await observe((_request, response) => response.end('{"status":"authorized"}'))).toEqual({
      kind: 'answer',
      httpStatus: 200,
      body: { kind: 'json', value: { status: 'authorized' } },
    })
  })

  test('is not that of a redirect: nothing is followed', async () => {
    const { client, requests } = await aCarrier((_request, response) => {
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await client.call(sale)).toMatchObject({ httpStatus: 302, body: { kind: 'none' } })
    expect(requests).toHaveLength(1)
  })

  test('is the final one after early hints', async () => {
    const observed = await observe((_request, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' }, () => response.end('{}'))
    })
    expect(observed).toMatchObject({ kind: 'answer', httpStatus: 200 })
  })

  test.each([
    ['nested too deep', `{"status":"authorized","x":${'['.repeat(40)}${']'.repeat(40)}}`],
    ['cut', '{"status":"authorized"'],
    ['of a proxy', '<html>'],
  ])('that is %s is only text', async (_name, body) => {
    expect(await observe((_request, response) => response.end(body))).toMatchObject({
      body: { kind: 'text' },
    })
  })

  test.each([
    ['of another host', 301, 'https://elsewhere.example/topup_account'],
    ['of the same path', 307, '/api/v1/topup_account'],
    ['that asks for the same again', 308, '/api/v1/topup_account'],
  ])('is not that of a redirect %s', async (_name, status, location) => {
    const { client, requests } = await aCarrier((_request, response) => {
      response.writeHead(status, { location }).end()
    })
    expect(await client.call(sale)).toMatchObject({ kind: 'answer', httpStatus: status })
    expect(requests).toHaveLength(1)
  })

  test('names no prototype, and numbers written as text stay text', async () => {
    const body = '{"amount":"10","__proto__":{"status":"rejected"},"x":{"__proto__":{"y":1}}}'
    const observed = await observe((_request, response) => response.end(body))
    expect(observed).toEqual({
      kind: 'answer',
      httpStatus: 200,
      body: { kind: 'json', value: { amount: '10', x: {} } },
    })
    expect(({} as Record<string, unknown>)['status']).toBeUndefined()
  })

  test('that is very deep is only text, and one of ten megabytes is cut off early', async () => {
    const deep = '['.repeat(30_000) + ']'.repeat(30_000)
    expect(await observe((_request, response) => response.end(deep))).toMatchObject({
      body: { kind: 'text' },
    })
    let sent = 0
    const { client } = await aCarrier((request, response) => {
      const chunk = Buffer.alloc(64 * 1024, 0x78)
      const write = () => {
        while (!response.destroyed && sent < 10 * 1024 * 1024) {
          sent += chunk.byteLength
          if (!response.write(chunk)) {
            response.once('drain', write)
            return
          }
        }
      }
      write()
      request.socket.on('error', () => undefined)
    })
    expect(await client.call(sale)).toMatchObject({ phase: 'after', code: 'ANSWER_TOO_LONG' })
    // The rest was not waited for.
    expect(sent).toBeLessThan(10 * 1024 * 1024)
  })

  test('with headers over their limit is unclear', async () => {
    const observed = await observe((_request, response) => {
      response.writeHead(200, { 'x-filler': 'x'.repeat(20_000) }).end('{"status":"authorized"}')
    })
    expect(observed).toMatchObject({ kind: 'transport-error', phase: 'after' })
  })

  test('says how long to wait, at most a minute', async () => {
    const after = async (value: string) => {
      const observed = await observe((_request, response) => {
        response.writeHead(429, { 'retry-after': value }).end()
      })
      return observed.kind === 'answer' ? observed.retryAfterMs : null
    }
    expect(await after('2')).toBe(2_000)
    expect(await after('86400')).toBe(60_000)
    expect(await after('soon')).toBeUndefined()
  })

  test('over its limit is unclear', async () => {
    const observed = await observe((_request, response) => response.end('x'.repeat(70_000)))
    expect(observed).toEqual({ kind: 'transport-error', phase: 'after', code: 'ANSWER_TOO_LONG' })
  })
})

describe('nothing was sent', () => {
  test('when the connection is refused', async () => {
    const server = createServer()
    const port = await listening(server)
    await closing.pop()?.()
    expect(await aClient(`http://127.0.0.1:${port}`).call(sale)).toEqual({
      kind: 'transport-error',
      phase: 'before-connect',
      code: 'ECONNREFUSED',
    })
  })

  const noConnection = {
    kind: 'transport-error',
    phase: 'before-connect',
    code: 'NO_CONNECTION',
  } as const

  test('when the connection is never secured', async () => {
    const received: Buffer[] = []
    const server = createServer((socket) => socket.on('data', (data) => received.push(data)))
    const port = await listening(server)
    expect(await aClient(`https://127.0.0.1:${port}`).call(sale)).toEqual(noConnection)
    expect(Buffer.concat(received).includes('topup_account')).toBe(false)
  })

  test('when the peer ends the connection while it is being secured', async () => {
    const server = createServer((socket) => socket.destroy())
    const port = await listening(server)
    expect(await aClient(`https://127.0.0.1:${port}`).call(sale)).toMatchObject({
      kind: 'transport-error',
      phase: 'before-connect',
    })
  })

  test('when no connection came free in time, and it is not sent later either', async () => {
    const answers: (() => void)[] = []
    const { client, requests } = await aCarrier(
      (_request, response) => answers.push(() => response.end('{}')),
      { connections: 1, connectTimeoutMs: 500, callTimeoutMs: 10_000 },
    )
    const received = (count: number) =>
      eventually(
        () => answers.length,
        (length) => length === count,
      )
    const first = client.call({ ...sale, body: '"first"' })
    await received(1)
    expect(await client.call({ ...sale, body: '"second"' })).toEqual(noConnection)
    answers[0]?.()
    expect(await first).toMatchObject({ httpStatus: 200 })
    const third = client.call({ ...sale, body: '"third"' })
    await received(2)
    answers[1]?.()
    expect(await third).toMatchObject({ httpStatus: 200 })
    expect(requests.map(({ body }) => body)).toEqual(['"first"', '"third"'])
  })

  test('when the client was closed before', async () => {
    const { client, requests } = await aCarrier((_request, response) => response.end('{}'))
    await client.close()
    expect(await client.call(sale)).toMatchObject({ phase: 'before-connect' })
    expect(requests).toEqual([])
  })
})

describe('everything may have happened', () => {
  test('when the peer hangs up after it took the request', async () => {
    const { client, requests } = await aCarrier((request) => request.socket.destroy())
    expect(await client.call(sale)).toMatchObject({ kind: 'transport-error', phase: 'after' })
    // Not repeated on its own: one call is one request at most.
    expect(requests).toHaveLength(1)
  })

  test('when the peer hangs up as soon as it is connected', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.resetAndDestroy()))
    const port = await listening(server)
    expect(await aClient(`http://127.0.0.1:${port}`).call(sale)).toMatchObject({
      kind: 'transport-error',
      phase: 'after',
    })
  })

  test('when a kept connection was closed by the peer meanwhile', async () => {
    const { client, requests } = await aCarrier((request, response) => {
      if (requests.length === 1) response.end('{}')
      else request.socket.resetAndDestroy()
    })
    expect(await client.call(sale)).toMatchObject({ kind: 'answer' })
    expect(await client.call(sale)).toMatchObject({ kind: 'transport-error', phase: 'after' })
    expect(requests).toHaveLength(2)
  })

  test('when what comes back is no HTTP', async () => {
    const server = createServer((socket) => socket.on('data', () => socket.end('hello\r\n\r\n')))
    const port = await listening(server)
    expect(await aClient(`http://127.0.0.1:${port}`).call(sale)).toMatchObject({
      kind: 'transport-error',
      phase: 'after',
    })
  })

  test('when there is no answer in time, counted from the start', async () => {
    const { client } = await aCarrier(
      (_request, response) => {
        const drip = setInterval(() => response.write(' '), 20)
        response.on('close', () => clearInterval(drip))
      },
      { connectTimeoutMs: 200, callTimeoutMs: 200 },
    )
    const startedAt = performance.now()
    expect(await client.call(sale)).toEqual({ kind: 'timeout', afterMs: 200 })
    expect(performance.now() - startedAt).toBeLessThan(600)
  })

  test('when the client is closed during the call', async () => {
    const { client, requests } = await aCarrier(() => undefined)
    const call = client.call(sale)
    await eventually(
      () => requests.length,
      (count) => count === 1,
    )
    await client.close()
    expect(await call).toMatchObject({ kind: 'transport-error', phase: 'after' })
  })
})

test('a server that does not speak TLS receives neither key nor sale', async () => {
  const received: Buffer[] = []
  const port = await listening(
    createServer((socket) => {
      socket.on('data', (bytes) => {
        received.push(bytes)
        socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}')
      })
    }),
  )
  const client = aClient(`https://127.0.0.1:${port}/api/v1/`)
  expect(await client.call(sale)).toMatchObject({
    kind: 'transport-error',
    phase: 'before-connect',
  })
  const bytes = Buffer.concat(received).toString('latin1')
  expect(bytes).not.toContain('ak-1')
  expect(bytes).not.toContain('amount')
})
