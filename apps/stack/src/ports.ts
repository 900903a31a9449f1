import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { promisify } from 'node:util'

const run = promisify(execFile)
const loopback = '127.0.0.1'
const toolTimeoutMs = 3_000

/** The process that listens on a port, as far as this user may see it. */
export type Holder = { readonly pid: number; readonly command: string }
export type PortInUse = { readonly port: number; readonly holder: Holder | null }

/**
 * Below the range of Linux's outgoing connections (32768 and up), where any client could take a port between its choice and its
 * use. Processes begin at different places, and no port is given twice.
 */
const chosenFrom = 20_000
const chosenBelow = 32_000
const stride = 97
let chosen = (process.pid * stride) % (chosenBelow - chosenFrom)

/** A port nothing listens on now. */
export const freePort = async (): Promise<number> => {
  for (;;) {
    chosen = (chosen + 1) % (chosenBelow - chosenFrom)
    const port = chosenFrom + chosen
    if (await isPortFree(port)) return port
  }
}

/** Different ports, all free at the same moment. */
export const freePorts = async (count: number): Promise<readonly number[]> => {
  const found = new Set<number>()
  while (found.size < count) found.add(await freePort())
  return [...found]
}

const canListen = (port: number, host: string): Promise<boolean> =>
  new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'EADDRINUSE'))
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)))
  })

/** True when a server may listen there, on loopback and on every address alike. */
export const isPortFree = async (port: number): Promise<boolean> =>
  (await canListen(port, loopback)) && (await canListen(port, '0.0.0.0'))

/** True when something accepts connections there. */
export const accepts = (port: number, host = loopback, timeoutMs = 1_000): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ port, host, timeout: timeoutMs })
    const answer = (accepted: boolean) => {
      socket.destroy()
      resolve(accepted)
    }
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(false))
    socket.once('timeout', () => answer(false))
  })

export const portsInUse = async (ports: readonly number[]): Promise<readonly PortInUse[]> => {
  const taken: PortInUse[] = []
  for (const port of ports) {
    if (!(await isPortFree(port))) taken.push({ port, holder: await portHolder(port) })
  }
  return taken
}

/** The process that listens on a port: from /proc on Linux, from lsof elsewhere; null when neither knows it. */
export const portHolder = async (port: number): Promise<Holder | null> =>
  process.platform === 'linux' ? holderFromProc(port) : holderFromLsof(port)

const listening = '0A'

const listeningInodes = async (port: number): Promise<ReadonlySet<string>> => {
  const wanted = port.toString(16).toUpperCase().padStart(4, '0')
  const inodes = new Set<string>()
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    const text = await readFile(table, 'utf8').catch(() => '')
    for (const line of text.split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/)
      if (fields[3] === listening && fields[1]?.endsWith(`:${wanted}`)) inodes.add(fields[9] ?? '')
    }
  }
  return inodes
}

const holderFromProc = async (port: number): Promise<Holder | null> => {
  const sockets = new Set([...(await listeningInodes(port))].map((inode) => `socket:[${inode}]`))
  if (sockets.size === 0) return null
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid)) continue
    // Processes of other users, and those that end meanwhile, cannot be read.
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')
      if (sockets.has(target)) return { pid, command: await commandOf(pid) }
    }
  }
  return null
}

/** The program of a process, short enough for one line of a message. */
export const commandOf = async (pid: number): Promise<string> => {
  const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
  return text.split('\0').join(' ').trim().slice(0, 80)
}

const holderFromLsof = async (port: number): Promise<Holder | null> => {
  const lsof = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']
  const { stdout } = await run('lsof', lsof, { timeout: toolTimeoutMs }).catch(() => ({
    stdout: '',
  }))
  const pid = Number(/^p(\d+)$/m.exec(stdout)?.[1])
  const command = /^c(.+)$/m.exec(stdout)?.[1] ?? ''
  return Number.isInteger(pid) ? { pid, command } : null
}

export const describePortInUse = ({ port, holder }: PortInUse): string =>
  holder === null
    ? `port ${port} is in use by a process this user cannot see`
    : `port ${port} is in use by pid ${holder.pid} (${holder.command})`
