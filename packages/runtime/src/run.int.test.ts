import { spawn, type ChildProcess, type StdioOptions } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, existsSync, openSync } from 'node:fs'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, it } from '@jest/globals'

const built = fileURLToPath(new URL('../dist/index.js', import.meta.url))

/** A service as the three are: its own process, a log line for each request. */
const program = `
  import express from '${new URL('../../../node_modules/express/index.js', import.meta.url).href}'
  const { closeServer, createMetrics, listen, opsRoutes, runService } = await import(process.argv[1])
  const createApp = async (_settings, log) => {
    if (process.argv[2] === 'starting') {
      process.send('starting')
      setInterval(() => undefined, 1_000)
      return new Promise(() => undefined)
    }
    const app = express()
    app.use(opsRoutes([], createMetrics('a-service')))
    app.get('/sale', (request, response) => {
      for (let line = 0; line < 10; line += 1) log.info('sold', { detail: 'x'.repeat(2_000) })
      process.emitWarning('a warning of the runtime')
      response.json({ sold: true, memory: process.memoryUsage().rss })
    })
    app.get('/end', () => setImmediate(() => { throw new Error('its state is lost: sale to 3110002222') }))
    const server = await listen(app, 0, '127.0.0.1')
    process.send(server.address().port)
    return { close: () => closeServer(server, { timeoutMs: 500 }) }
  }
  await runService('a-service', { LOG_LEVEL: 'info', SHUTDOWN_TIMEOUT_MS: 2_000 }, createApp)
`

type Stream = 'read' | 'unread' | 'closed' | 'full'
type Started = { readonly child: ChildProcess; readonly url: string }

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

const spawnProgram = (args: readonly string[], stdio: StdioOptions): ChildProcess => {
  const node = ['--input-type=module', '-e', program, built, ...args]
  const env = { ...process.env, NODE_OPTIONS: '' }
  const child = spawn(process.execPath, node, { stdio, env })
  children.push(child)
  return child
}

const startService = async (stdout: Stream, stderr: Stream): Promise<Started> => {
  const full = openSync(existsSync('/dev/full') ? '/dev/full' : '/dev/null', 'w')
  const stdio = (stream: Stream) => (stream === 'full' ? full : ('pipe' as const))
  const child = spawnProgram([], ['ignore', stdio(stdout), stdio(stderr), 'ipc'])
  closeSync(full)
  if (stdout === 'closed') child.stdout?.destroy()
  if (stderr === 'closed') child.stderr?.destroy()
  const [port] = (await once(child, 'message')) as [number]
  return { child, url: `http://127.0.0.1:${port}` }
}

const droppedLines = async (url: string): Promise<number> => {
  const metrics = await (await fetch(`${url}/metrics`)).text()
  return Number(/^log_lines_dropped_total\{.*\} (\d+)$/m.exec(metrics)?.[1])
}

const sell = async (url: string, times: number): Promise<void> => {
  for (let sale = 0; sale < times; sale += 1) {
    expect(await (await fetch(`${url}/sale`)).json()).toMatchObject({ sold: true })
  }
}

it('writes all its lines to a reader, and ends with none dropped', async () => {
  const { child, url } = await startService('read', 'read')
  const said = text(child.stdout as Readable)
  await sell(url, 5)
  expect(await droppedLines(url)).toBe(0)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
  expect((await said).match(/"message":"sold"/g)).toHaveLength(50)
})

const fullDevice = existsSync('/dev/full') ? it : it.skip

fullDevice.each<readonly [string, Stream, Stream]>([
  ['its log and its standard error are closed pipes', 'closed', 'closed'],
  ['its log is on a full disk', 'full', 'closed'],
  ['both are on a full disk', 'full', 'full'],
])('goes on selling and counts the lines it drops where %s', async (_, stdout, stderr) => {
  const { child, url } = await startService(stdout, stderr)
  await sell(url, 5)
  expect(await droppedLines(url)).toBe(50)
  child.kill('SIGTERM')
  expect(await once(child, 'exit')).toEqual([0, null])
})

it('holds a bounded number of lines for a reader that does not read', async () => {
  const { url } = await startService('unread', 'closed')
  await sell(url, 150)
  // 3 MB were logged; the pipe, both ends' buffers and the limit hold less than 2 MB of them.
  expect(await droppedLines(url)).toBeGreaterThan(500)
})

it('writes the cause of its end to standard error, without phone numbers, when its log cannot', async () => {
  const { child, url } = await startService('closed', 'read')
  const said = text(child.stderr as Readable)
  await fetch(`${url}/end`).catch(() => undefined)
  expect(await once(child, 'exit')).toEqual([1, null])
  expect(await said).toContain(
    'a-service: uncaught exception, ending: Error: its state is lost: sale to ********22\n    at ',
  )
})

it('ends with its exit code where neither its log nor standard error can be written', async () => {
  const { child, url } = await startService('closed', 'closed')
  await fetch(`${url}/end`).catch(() => undefined)
  expect(await once(child, 'exit')).toEqual([1, null])
})

it('ends within seconds by each signal while its start still waits for something', async () => {
  const ends = (['SIGTERM', 'SIGINT', 'SIGHUP'] as const).map(async (signal) => {
    const child = spawnProgram(['starting'], ['ignore', 'ignore', 'ignore', 'ipc'])
    await once(child, 'message')
    child.kill(signal)
    return once(child, 'exit')
  })
  const byHandler = [0, null]
  expect(await Promise.all(ends)).toEqual([byHandler, byHandler, byHandler])
})
