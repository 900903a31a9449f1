/** The broker's HTTP API, as far as a stack needs it. */
const answerTimeoutMs = 10_000

type Method = 'GET' | 'PUT' | 'DELETE'

const ask = (managementUrl: string, method: Method, path: string): Promise<Response> => {
  const url = new URL(managementUrl)
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return fetch(`${url.origin}/api/${path}`, {
    method,
    // The broker's end waits seconds for connections that are kept.
    headers: {
      connection: 'close',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
    },
    signal: AbortSignal.timeout(answerTimeoutMs),
  })
}

export const managementAnswers = (managementUrl: string): Promise<boolean> =>
  ask(managementUrl, 'GET', 'overview').then(
    (response) => response.ok,
    () => false,
  )

/** Makes a virtual host that the URL's own user may use. Safe to repeat. */
export const createVhost = async (managementUrl: string, name: string): Promise<void> => {
  const response = await ask(managementUrl, 'PUT', `vhosts/${encodeURIComponent(name)}`)
  if (!response.ok) throw new Error(`virtual host ${name} not made: ${response.status}`)
}

export const deleteVhost = async (managementUrl: string, name: string): Promise<void> => {
  const response = await ask(managementUrl, 'DELETE', `vhosts/${encodeURIComponent(name)}`)
  if (!response.ok && response.status !== 404) {
    throw new Error(`virtual host ${name} not deleted: ${response.status}`)
  }
}

export type BrokerTotals = {
  readonly connections: number
  readonly channels: number
  readonly consumers: number
  readonly queues: number
}

/** How much of each kind the broker holds, over all virtual hosts. */
export const brokerTotals = async (managementUrl: string): Promise<BrokerTotals> => {
  const response = await ask(managementUrl, 'GET', 'overview')
  const { object_totals: totals } = (await response.json()) as {
    readonly object_totals: BrokerTotals
  }
  const { connections, channels, consumers, queues } = totals
  return { connections, channels, consumers, queues }
}
