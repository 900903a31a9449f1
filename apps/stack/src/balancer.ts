import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { pause } from '@recargas/runtime'
import { createProxyServer } from 'httpxy'

/** One address in front of several instances of a service. */
export type Balancer = { readonly close: () => Promise<void> }

type Options = {
  readonly port: number
  /** Addresses of the instances; those whose /ready answers 200 get requests, in turn, or all where none does. */
  readonly targets: readonly string[]
  readonly checkIntervalMs?: number
}

const checkIntervalMsDefault = 500
const answerTimeoutMs = 2_000

/**
 * Hands each request to the next ready instance. A request whose instance is gone or dies amid it is answered 503 with
 * Retry-After: a till repeats it under the same key.
 */
export const startBalancer = async (options: Options): Promise<Balancer> => {
  const proxy = createProxyServer({ xfwd: true })
  const ending = new AbortController()
  let ready = options.targets
  let turn = 0
  const server = createServer((request, response) => {
    turn += 1
    void pass(proxy, request, response, ready[turn % ready.length] ?? '')
  })
  server.listen(options.port, '127.0.0.1')
  await once(server, 'listening')
  const checking = (async () => {
    while (!ending.signal.aborted) {
      const answers = await Promise.all(options.targets.map(isReady))
      const found = options.targets.filter((_, index) => answers[index] === true)
      // An instance that is not ready gives its reason itself.
      ready = found.length > 0 ? found : options.targets
      await pause(options.checkIntervalMs ?? checkIntervalMsDefault, ending.signal)
    }
  })()
  return {
    close: async () => {
      ending.abort()
      const closed = once(server, 'close')
      server.close()
      server.closeAllConnections()
      await Promise.all([closed, checking])
    },
  }
}

const pass = async (
  proxy: ReturnType<typeof createProxyServer>,
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
): Promise<void> => {
  try {
    await proxy.web(request, response, { target })
  } catch {
    if (response.headersSent) response.destroy()
    else unavailable(response)
  }
}

const unavailable = (response: ServerResponse): void => {
  response.writeHead(503, { 'retry-after': '1', 'content-type': 'text/plain' })
  response.end('the instance is gone\n')
}

const isReady = async (target: string): Promise<boolean> => {
  const signal = AbortSignal.timeout(answerTimeoutMs)
  return fetch(`${target}/ready`, { signal }).then(
    async (answer) => {
      await answer.body?.cancel()
      return answer.ok
    },
    () => false,
  )
}
