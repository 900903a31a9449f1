import { randomUUID } from 'node:crypto'
import { createServer, type AddressInfo } from 'node:net'

type TestServer = 'TEST_MONGODB_URI' | 'TEST_AMQP_URL' | 'TEST_RABBIT_MANAGEMENT_URL'

/** The address of a test server. */
export const testServer = (name: TestServer): URL => {
  const value = process.env[name]
  if (value === undefined) throw new Error(`${name} is not set: run through \`npm test\``)
  return new URL(value)
}

/** Calls the HTTP API of the test broker's management, below /api. @returns the JSON; null where there is none */
export const manageBroker = async (
  method: string,
  path: string,
  body?: unknown,
): Promise<unknown> => {
  const { origin, username, password } = testServer('TEST_RABBIT_MANAGEMENT_URL')
  const authorization = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`
  const response = await fetch(`${origin}/api${path}`, {
    method,
    headers: { authorization, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
  return text === '' ? null : (JSON.parse(text) as unknown)
}

export type TestVhost = {
  readonly name: string
  readonly url: string
  readonly drop: () => Promise<unknown>
}

/** A virtual host of its own on the test broker. */
export const testVhost = async (prefix: string): Promise<TestVhost> => {
  const name = `${prefix}-${randomUUID()}`
  await manageBroker('PUT', `/vhosts/${name}`)
  const url = testServer('TEST_AMQP_URL')
  url.pathname = `/${name}`
  return { name, url: url.href, drop: () => manageBroker('DELETE', `/vhosts/${name}`) }
}

export const freePort = async (): Promise<number> => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
