import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import mongoose from 'mongoose'
import { acquireServers, type Servers } from './backend.ts'
import { accepts, describePortInUse, freePort, portsInUse } from './ports.ts'
import { createVhost, deleteVhost } from './rabbitmq-management.ts'
import { waitUntil } from './readiness.ts'

// The remaining processes are read from /proc.
const native =
  process.env['TEST_BACKEND'] === 'native' && process.platform === 'linux'
    ? describe
    : describe.skip

/** The processes whose environment or arguments name a folder. */
const processesOf = async (folder: string): Promise<readonly number[]> => {
  const found: number[] = []
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry)
    if (!Number.isInteger(pid) || pid === process.pid) continue
    const texts = await Promise.all(
      ['cmdline', 'environ'].map((file) =>
        readFile(`/proc/${pid}/${file}`, 'utf8').catch(() => ''),
      ),
    )
    if (texts.some((text) => text.includes(folder))) found.push(pid)
  }
  return found
}

native('servers of our own', () => {
  let folder: string
  let servers: Servers
  const own = () => {
    if (servers.native === null) throw new Error('not native')
    return servers.native
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'recargas-servers-'))
    servers = await acquireServers({ folder, log: () => undefined, backend: 'native' })
  }, 60_000)
  afterAll(async () => {
    await servers.stop()
    await rm(folder, { recursive: true, force: true })
  }, 30_000)

  test('an acknowledged write of MongoDB survives its kill', async () => {
    const client = new mongoose.mongo.MongoClient(servers.mongodbUri)
    const sales = client.db('kept').collection('sales')
    await sales.insertOne({ amount: 1050 }, { writeConcern: { w: 'majority', journal: true } })
    await own().mongod.kill()
    await own().mongod.start()
    expect(await sales.countDocuments()).toBe(1)
    await client.close()
    // Longer than the limit of a start, so that a failing one reports its reason.
  }, 150_000)

  test('a confirmed message survives the broker’s kill', async () => {
    const management = servers.managementUrl ?? ''
    await createVhost(management, 'kept')
    await own().rabbitmq.kill()
    await own().rabbitmq.start()
    expect(await accepts(own().rabbitmq.ports.amqp)).toBe(true)
    const url = new URL(management)
    const answer = await fetch(`${url.origin}/api/vhosts/kept`, {
      headers: { authorization: `Basic ${btoa('guest:guest')}` },
    })
    expect(answer.status).toBe(200)
    await deleteVhost(management, 'kept')
  }, 60_000)

  test('none of their processes outlives them', async () => {
    expect((await processesOf(folder)).length).toBeGreaterThanOrEqual(3)
    await servers.stop()
    // A killed Erlang's own helpers end when they see that it is gone.
    await waitUntil('all end', 5_000, async () => (await processesOf(folder)).length === 0)
  }, 30_000)
})

/** A process that starts another one, prints its pid, and waits. */
const owning = (folder: string): string => `
  const { createGuard } = await import('${new URL('./guard.ts', import.meta.url).href}')
  const { startChild } = await import('${new URL('./child.ts', import.meta.url).href}')
  const child = await startChild({
    name: 'sleeper', command: 'sleep', args: ['600'], env: process.env,
    logFile: '${join(folder, 'sleeper.log')}', guard: createGuard(),
  })
  console.log(child.pid)
  setInterval(() => undefined, 1000)`

describe('a process that was killed', () => {
  test('takes its children with it', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recargas-guard-'))
    const owner = spawn(process.execPath, [
      ...['--import', new URL('../../check/src/testing/typescript.mjs', import.meta.url).href],
      ...['--input-type=module', '--eval', owning(folder)],
    ])
    const [line] = (await once(owner.stdout, 'data')) as [Buffer]
    const pid = Number(line.toString())
    expect(isAlive(pid)).toBe(true)
    owner.kill('SIGKILL')
    await waitUntil('its child ends', 10_000, () => !isAlive(pid))
    await rm(folder, { recursive: true, force: true })
  }, 20_000)
})

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a port', () => {
  test('in use is named with the process that holds it', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const [taken, ...others] = await portsInUse([port, await freePort()])
    expect(others).toEqual([])
    expect(taken?.port).toBe(port)
    expect(taken && describePortInUse(taken)).toContain(`pid ${process.pid}`)
    expect(taken?.holder?.command).toContain('node')
    server.close()
  })

  test('without a holder is not in use', async () => {
    expect(await portsInUse([await freePort()])).toEqual([])
  })
})
