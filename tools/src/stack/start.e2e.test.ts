import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { portsInUse } from './ports.ts'
import { repository } from './service-process.ts'
import { waitUntil } from './wait-until.ts'

const run = promisify(execFile)
const startTimeoutMs = 90_000

let folder: string
let base: number
let stack: ChildProcess
let output = ''

const start = (...args: string[]) =>
  spawn(process.execPath, ['tools/start.mjs', '--port-base', String(base), ...args], {
    cwd: repository,
    env: { ...process.env, NODE_OPTIONS: '', STACK_DIR: folder },
  })
const portsOfStack = () => Array.from({ length: 15 }, (_, offset) => base + offset)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-start-'))
  base = await freeBase()
  stack = start()
  for (const stream of [stack.stdout, stack.stderr]) {
    stream?.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  await waitUntil('npm start is ready', startTimeoutMs, () => {
    if (stack.exitCode !== null) throw new Error(output)
    return output.includes('Ctrl-C stops everything')
  })
}, startTimeoutMs + 10_000)

afterAll(async () => {
  stack.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

/** A range of free ports below those that other tests choose theirs from: what is open there is this stack's. */
const freeBase = async (): Promise<number> => {
  for (let base = 16_000 + (process.pid % 200) * 15; base < 20_000 - 15; base += 15) {
    const range = Array.from({ length: 15 }, (_, offset) => base + offset)
    if ((await portsInUse(range)).length === 0) return base
  }
  throw new Error('no range of free ports')
}

test('what npm start prints last sells a top-up when pasted', async () => {
  const curl = output.slice(output.indexOf('curl -sS'), output.indexOf('Ctrl-C stops')).trim()
  const first = JSON.parse((await run('sh', ['-c', curl])).stdout) as Record<string, unknown>
  expect(first).toMatchObject({ estado: 'AUTORIZADA', operadora: 'Tigo', monto: 10.5 })
  const again = JSON.parse((await run('sh', ['-c', curl])).stdout) as Record<string, unknown>
  expect(again['id_transaccion']).toBe(first['id_transaccion'])
}, 60_000)

test('what the services log is shown, and one sale can be picked out of it', async () => {
  const shown = /^.* ledger +info +entry written .*operationId=(\S+) .*⟨(\S+)⟩$/m
  await waitUntil('a sale is shown', 20_000, () => shown.test(output))
  const [, operationId = '', correlationId = ''] = shown.exec(output) ?? []
  expect(output).toContain('api-gateway')
  const logs = (...args: string[]) =>
    run(process.execPath, ['tools/dist/logs/main.js', '--json', ...args], {
      cwd: repository,
      env: { ...process.env, NODE_OPTIONS: '', STACK_DIR: folder },
    })
  for (const id of [operationId, correlationId]) {
    const lines = (await logs('--correlation', id)).stdout.trim().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(2)
    for (const line of lines) expect(line).toContain(id)
  }
  await expect(logs('--correlation', 'nobody')).rejects.toMatchObject({ code: 1 })
}, 60_000)

test('a second one in the same folder says that one runs, and leaves it alone', async () => {
  const second = start()
  let said = ''
  second.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = (await once(second, 'exit')) as [number]
  expect(code).toBe(1)
  expect(said).toContain(`pid ${stack.pid ?? 0}`)
  expect((await fetch(`http://127.0.0.1:${base}/ready`)).status).toBe(200)
}, 60_000)

test('Ctrl-C, which npm sends twice, ends all of it in ten seconds', async () => {
  const startedAt = performance.now()
  stack.kill('SIGINT')
  stack.kill('SIGINT')
  const [code] = (await once(stack, 'exit')) as [number]
  expect(code).toBe(0)
  // A killed server's sockets are the kernel's to close, a moment after the process has gone.
  await waitUntil('no port of the stack is open', 10_000, async () => {
    return (await portsInUse(portsOfStack())).length === 0
  })
  expect(performance.now() - startedAt).toBeLessThan(10_000)
}, 20_000)
