import { exchanges, type BrokerRights } from '@recargas/contracts'

/** The broker's HTTP API, as far as a stack needs it. */
const answerTimeoutMs = 10_000

type Method = 'GET' | 'PUT' | 'POST' | 'DELETE'

const ask = (
  managementUrl: string,
  method: Method,
  path: string,
  body?: unknown,
): Promise<Response> => {
  const url = new URL(managementUrl)
  const credentials = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
  return fetch(`${url.origin}/api/${path}`, {
    method,
    // The broker's end waits seconds for connections that are kept.
    headers: {
      connection: 'close',
      authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    body: body === undefined ? null : JSON.stringify(body),
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

/** Publishes a message with that text to a queue, by the default exchange. */
export const publishText = async (
  managementUrl: string,
  { vhost, queue, text }: { readonly vhost: string; readonly queue: string; readonly text: string },
): Promise<void> => {
  const path = `exchanges/${encodeURIComponent(vhost)}/amq.default/publish`
  const message = { properties: {}, routing_key: queue, payload: text, payload_encoding: 'string' }
  const response = await ask(managementUrl, 'POST', path, message)
  const { routed } = (await response.json()) as { readonly routed?: boolean }
  if (routed !== true) throw new Error(`nothing put into ${queue}: ${response.status}`)
}

export type BrokerTotals = {
  readonly connections: number
  readonly channels: number
  readonly consumers: number
  readonly queues: number
}

/** The broker's totals of each kind of object, over all virtual hosts. */
export const brokerTotals = async (managementUrl: string): Promise<BrokerTotals> => {
  const response = await ask(managementUrl, 'GET', 'overview')
  const { object_totals: totals } = (await response.json()) as {
    readonly object_totals: BrokerTotals
  }
  const { connections, channels, consumers, queues } = totals
  return { connections, channels, consumers, queues }
}

/** True when the broker has stopped reading from publishers for lack of memory. */
export const brokerHasAlarm = async (managementUrl: string): Promise<boolean> => {
  const response = await ask(managementUrl, 'GET', 'nodes')
  if (!response.ok) throw new Error(`nodes not listed: ${response.status}`)
  const nodes = (await response.json()) as readonly { readonly mem_alarm: boolean }[]
  return nodes.some((node) => node.mem_alarm)
}

/** A quorum queue as one member of its cluster sees it. */
export type QuorumQueue = {
  readonly name: string
  /** Names of nodes; no leader while one is being elected. */
  readonly leader?: string
  readonly online?: readonly string[]
  readonly members?: readonly string[]
}

/** Quorum queues of all virtual hosts. @throws while the member does not know */
export const quorumQueues = async (managementUrl: string): Promise<readonly QuorumQueue[]> => {
  const response = await ask(managementUrl, 'GET', 'queues')
  if (!response.ok) throw new Error(`queues not listed: ${response.status}`)
  const queues = (await response.json()) as readonly (QuorumQueue & { readonly type: string })[]
  return queues.filter(({ type }) => type === 'quorum')
}

/** Names of the nodes that run, as one member of their cluster sees it. @throws while the member does not know */
export const runningNodes = async (managementUrl: string): Promise<readonly string[]> => {
  const response = await ask(managementUrl, 'GET', 'nodes')
  if (!response.ok) throw new Error(`nodes not listed: ${response.status}`)
  const nodes = (await response.json()) as readonly { name: string; running: boolean }[]
  return nodes.filter(({ running }) => running).map(({ name }) => name)
}

/** Makes a user that may do this on one virtual host, or gives one that is there this password and these rights. */
export const ensureBrokerUser = async (
  managementUrl: string,
  { name, password }: { readonly name: string; readonly password: string },
  vhost: string,
  { eventKeys, ...rights }: BrokerRights,
): Promise<void> => {
  const user = encodeURIComponent(name)
  const place = `${encodeURIComponent(vhost)}/${user}`
  const events = { exchange: exchanges.event, write: eventKeys, read: '.*' }
  const exchange = `exchanges/${encodeURIComponent(vhost)}/${exchanges.event}`
  const puts = [
    // Without a tag: no entry to the management.
    [`users/${user}`, { password, tags: '' }],
    // RabbitMQ 4.3 refuses rights to the topics of an exchange that it does not know. Services declare the same one.
    [exchange, { type: 'topic', durable: true, auto_delete: false }],
    [`permissions/${place}`, rights],
    [`topic-permissions/${place}`, events],
  ] as const
  for (const [path, body] of puts) {
    const response = await ask(managementUrl, 'PUT', path, body)
    if (response.ok) continue
    throw new Error(`broker user ${name} not made: ${response.status} ${await response.text()}`)
  }
}

export const deleteBrokerUser = async (managementUrl: string, name: string): Promise<void> => {
  const response = await ask(managementUrl, 'DELETE', `users/${encodeURIComponent(name)}`)
  if (!response.ok && response.status !== 404) {
    throw new Error(`broker user ${name} not deleted: ${response.status}`)
  }
}
