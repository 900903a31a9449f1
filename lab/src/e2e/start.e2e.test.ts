import { execFile, spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { serviceFolders } from '@recargas/stack/changed-services'
import { copyRepository } from '@recargas/check/testing/repository-copy'
import { portHolder, portsInUse } from '@recargas/stack/ports'
import { waitUntil } from '@recargas/stack/readiness'

const run = promisify(execFile)
const startTimeoutMs = 90_000
const endTimeoutMs = 10_000
const checkTimeoutMs = 240_000
const portCount = 20

let parent: string
/** The repository, where a path is most likely to be taken apart at the wrong place. */
let folder: string
let base: number
let environment: NodeJS.ProcessEnv

type Started = { readonly process: ChildProcess; readonly output: () => string }

const started = (command: string, ...args: string[]): Started => {
  const child = spawn(command, args, { cwd: folder, env: environment })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  }
  return { process: child, output: () => output }
}
const says = ({ process, output }: Started, text: string | RegExp, timeoutMs = 60_000) =>
  waitUntil(`${String(text)} is said`, timeoutMs, () => {
    if (process.exitCode !== null) throw new Error('it ended')
    return typeof text === 'string' ? output().includes(text) : text.test(output())
  }).catch((error: unknown) => {
    throw new Error(`${String(error)}; it said:\n${output().slice(-3_000)}`, { cause: error })
  })
/** A free port range below those of other tests: an open port in it is this stack's. */
const freeBase = async (): Promise<number> => {
  for (let first = 16_000 + (process.pid % 200) * portCount; first < 20_000; first += portCount) {
    const range = Array.from({ length: portCount }, (_, offset) => first + offset)
    if ((await portsInUse(range)).length === 0) return first
  }
  throw new Error('no range of free ports')
}
const pidAt = async (offset: number) => (await portHolder(base + offset))?.pid
const isReady = async () => {
  const response = await fetch(`http://127.0.0.1:${base}/ready`).catch(() => null)
  return response?.ok === true
}

/** Processes of the copy, by their command line or their working folder: all that a start in it has made. */
const processesLeft = async (): Promise<readonly string[]> => {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const processes = await Promise.all(
    pids.map(async (pid) => {
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')
      const workingFolder = await readlink(`/proc/${pid}/cwd`).catch(() => '')
      return `${command} in ${workingFolder}`
    }),
  )
  return processes.filter((each) => each.includes(folder))
}
const isGone = async () => {
  const ports = Array.from({ length: portCount }, (_, offset) => base + offset)
  return (await portsInUse(ports)).length === 0 && (await processesLeft()).length === 0
}

/** Settings that lead nowhere: a start that waits for servers. */
const nowhere = {
  NODE_OPTIONS: '',
  PORT: '0',
  AMQP_URL: 'amqp://nobody:nothing@127.0.0.1:1',
  MONGODB_URI: 'mongodb://127.0.0.1:1/nothing',
  SERVICE_TOKEN: 'recargas-test-service-token',
  JWT_SECRET: 'recargas-test-jwt-secret-0123456789abcdef',
  TPAGA_BASE_URL: 'http://127.0.0.1:1',
  TPAGA_API_KEY: 'recargas-test-tpaga-api-key',
  LEDGER_URL: 'http://127.0.0.1:1',
  ADAPTER_URL: 'http://127.0.0.1:1',
}

/** As process 1 of a namespace of its own, where this machine lets us make one. */
const asFirstProcess = ['--pid', '--fork', '--kill-child']
const hasNamespaces = spawnSync('unshare', [...asFirstProcess, 'true']).status === 0

/** Signals a service as soon as it has a handler. @returns its exit code and signal */
const endsDuringStart = async (main: string): Promise<unknown> => {
  const node = [process.execPath, join(folder, main)] as const
  const env = { ...process.env, ...nowhere, CATALOGUE_PATH: join(folder, 'catalogue.json') }
  const child = hasNamespaces
    ? spawn('unshare', [...asFirstProcess, ...node], { cwd: folder, env })
    : spawn(node[0], [node[1]], { cwd: folder, env })
  const exited = once(child, 'exit')
  let pid = child.pid ?? 0
  const handlesHangup = async () => {
    if (hasNamespaces) {
      const children = await readFile(
        `/proc/${child.pid ?? 0}/task/${child.pid ?? 0}/children`,
        'utf8',
      )
      pid = Number(children.trim())
    }
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '')
    // Node itself catches SIGINT and SIGTERM from the start, to end by them; SIGHUP, the lowest bit, is ours.
    return /^SigCgt:.*[13579bdf]$/m.test(status)
  }
  await waitUntil(`${main} has its handlers`, 20_000, handlesHangup, 2)
  process.kill(pid, 'SIGTERM')
  return exited
}

let stack: Started
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'recargas-start-'))
  folder = join(parent, 'mi tienda ñandú')
  base = await freeBase()
  copyRepository(folder)
  const told = join(parent, 'told by the caller.mjs')
  writeFileSync(told, "process.stderr.write('the options of the caller count\\n')\n")
  environment = { ...process.env, NODE_OPTIONS: `--import="${pathToFileURL(told).href}"` }
  delete environment['STACK_DIR']
  stack = started('npm', 'run', 'dev', '--', '--port-base', String(base), '--inspect', 'adapter')
  await says(stack, 'watching:', startTimeoutMs)
}, startTimeoutMs + 10_000)

afterAll(async () => {
  // The parent's end alone ends the stack.
  stack.process.kill('SIGKILL')
  await waitUntil('everything has ended', 30_000, isGone)
  await rm(parent, { recursive: true, force: true })
}, 40_000)

const curlOf = () => {
  const output = stack.output()
  return output.slice(output.indexOf('curl -sS'), output.indexOf('Ctrl-C stops')).trim()
}
/** The sale that npm start prints, under that key. */
const sell = async (key?: string) => {
  const curl = curlOf()
  const pasted =
    key === undefined
      ? curl
      : curl.replace(/(Idempotency-Key: )[\w-]+/, (_, name) => `${String(name)}${key}`)
  return JSON.parse((await run('sh', ['-c', pasted])).stdout) as Record<string, unknown>
}

test('the last command that npm start prints sells a top-up when pasted', async () => {
  const first = await sell()
  expect(first).toMatchObject({ estado: 'AUTORIZADA', operadora: 'Tigo', monto: 10.5 })
  expect((await sell())['id_transaccion']).toBe(first['id_transaccion'])
}, 60_000)

test('the two addresses of the screen open the demo shop as its cashier and as its owner', async () => {
  const addresses = [...stack.output().matchAll(/ (http:\S+)\/tienda#token=(\S+)/g)]
  const statuses = addresses.map(async ([, origin = '', token = '']) => {
    const read = (path: string) =>
      fetch(`${origin}${path}`, { headers: { authorization: `Bearer ${token}` } })
    return [(await read('/operadoras')).status, (await read('/recargas/revision')).status]
  })
  expect(await Promise.all(statuses)).toEqual([
    [200, 403],
    [200, 200],
  ])
})

test('the services’ log lines are shown, and one sale can be filtered', async () => {
  const shown = /^.* ledger +info +entry written .*operationId=(\S+) .*⟨(\S+)⟩$/m
  await says(stack, shown, 20_000)
  const [, operationId = '', correlationId = ''] = shown.exec(stack.output()) ?? []
  await says(stack, 'api-gateway')
  const logs = (...args: string[]) =>
    run(process.execPath, ['apps/stack/dist/logs/main.js', '--json', ...args], {
      cwd: folder,
      env: { ...environment, NODE_OPTIONS: '' },
    })
  for (const id of [operationId, correlationId]) {
    const lines = (await logs('--correlation', id)).stdout.trim().split('\n')
    expect(lines.length).toBeGreaterThanOrEqual(2)
    for (const line of lines) expect(line).toContain(id)
  }
  await expect(logs('--correlation', 'nobody')).rejects.toMatchObject({ code: 1 })
}, 60_000)

test('a second one in the same folder reports the running one, and leaves it alone', async () => {
  const second = started(process.execPath, 'apps/stack/start.mjs', '--port-base', String(base))
  expect(await once(second.process, 'exit')).toEqual([1, null])
  expect(second.output()).toMatch(/a stack runs already: pid \d+/)
  expect(await isReady()).toBe(true)
}, 60_000)

test('the services keep the NODE_OPTIONS of npm start, and a debugger attaches to the one named', async () => {
  for (const service of ['ledger', 'adapter', 'gateway', 'sandbox']) {
    const log = readFileSync(join(folder, '.stack/logs', `${service}.log`), 'utf8')
    expect(log).toContain('the options of the caller count')
  }
  expect(stack.output()).toContain(`adapter at 127.0.0.1:${base + 18}`)
  const inspector = await fetch(`http://127.0.0.1:${base + 18}/json/version`)
  expect(await inspector.json()).toMatchObject({ Browser: `node.js/${process.version}` })
  expect(await pidAt(17)).toBeUndefined()
})

test('a killed service is restarted, which is reported, and sells', async () => {
  const [gateway, ledger] = [await pidAt(0), await pidAt(1)]
  process.kill(ledger ?? 0, 'SIGKILL')
  await says(stack, 'ledger ended with signal SIGKILL; starting it again in 0.5 s')
  await says(stack, /✓ ledger restarted/)
  await waitUntil('the gateway hears the ledger', 20_000, isReady)
  // The number was sold to a moment ago: the duplicate guard of the ledger remembers it.
  expect(await sell(randomUUID())).toMatchObject({ code: 'DUPLICATE_SUSPECTED' })
  const other = curlOf()
    .replace('"monto":10.5', '"monto":11')
    .replace(/Idempotency-Key: [\w-]+/, `Idempotency-Key: ${randomUUID()}`)
  expect(JSON.parse((await run('sh', ['-c', other])).stdout)).toMatchObject({
    estado: 'AUTORIZADA',
  })
  expect(await pidAt(0)).toBe(gateway)
}, 60_000)

test('a change of one service builds and restarts that one, and an error in it none', async () => {
  const pids = async () => [await pidAt(0), await pidAt(1), await pidAt(2)]
  const [others, sandbox] = [await pids(), await pidAt(3)]
  const main = join(folder, 'packages/tpaga-sandbox/src/main.ts')
  appendFileSync(main, "process.stdout.write('built again\\n')\n")
  await says(stack, '✓ build: packages/tpaga-sandbox changed; restarting sandbox')
  await says(stack, /✓ sandbox restarted/)
  await says(stack, 'built again')
  const restarted = await pidAt(3)
  expect(restarted).not.toBe(sandbox)
  const good = readFileSync(main)
  try {
    appendFileSync(main, 'running.nothing()\n')
    await says(stack, '✗ build: 1 error')
  } finally {
    writeFileSync(main, good)
  }
  expect(stack.output()).toContain("Property 'nothing' does not exist")
  expect(await pidAt(3)).toBe(restarted)
  expect(await pids()).toEqual(others)
}, 150_000)

test('SIGTERM to npm ends all of it in ten seconds', async () => {
  stack.process.kill('SIGTERM')
  await waitUntil('nothing of the stack is left', endTimeoutMs, isGone)
  expect(stack.output()).toMatch(/\nstopped\n/)
}, 30_000)

test('so do a terminal that goes away during the build, and Ctrl-C, which npm sends twice, while servers start', async () => {
  const building = started('npm', 'start', '--', '--port-base', String(base))
  await waitUntil('the compiler runs', 30_000, async () =>
    (await processesLeft()).some((command) => command.includes('node_modules/typescript')),
  )
  building.process.kill('SIGHUP')
  await waitUntil('nothing of the build is left', endTimeoutMs, isGone)
  const starting = started(process.execPath, 'apps/stack/start.mjs', '--port-base', String(base))
  await says(starting, 'MongoDB and RabbitMQ:')
  const ended = once(starting.process, 'exit')
  starting.process.kill('SIGINT')
  starting.process.kill('SIGINT')
  await waitUntil('nothing of the start is left', endTimeoutMs, isGone)
  expect(await ended).toEqual([0, null])
}, 90_000)

test('every process takes a signal from its first moments on, as process 1 of a container must', async () => {
  const mains = Object.values(serviceFolders).map((each) => `${each}/dist/main.js`)
  expect(await Promise.all(mains.map(endsDuringStart))).toEqual(mains.map(() => [0, null]))
}, 60_000)

/** Every step of the check runs; those that look at each file for long look at a few. */
const narrowCheck = () => {
  const edit = (name: string, change: (text: string) => string) => {
    const text = readFileSync(join(folder, name), 'utf8')
    const changed = change(text)
    expect(changed).not.toBe(text)
    writeFileSync(join(folder, name), changed)
  }
  const only = 'packages/contracts/src/money.ts'
  edit(
    '.prettierignore',
    (text) => `${text}\nservices/\npackages/\ndocs/\nops/\napps/*/src/\nlab/src/\n*.config.js\n`,
  )
  edit('tsconfig.check.json', (text) =>
    text.replace(/"include": \[[^\]]*\]/, `"include": ["${only}"]`),
  )
  edit('eslint.config.js', (text) =>
    text.replace(
      "'coverage/',",
      "'coverage/', 'services/', 'apps/*/src/', 'lab/src/', 'web/', 'packages/!(contracts)/', 'packages/contracts/src/**/!(money).ts',",
    ),
  )
}

test(
  'the static part of npm run check passes there too',
  async () => {
    narrowCheck()
    // Without promtool, whose files have no path in them.
    const env = { ...environment, NODE_OPTIONS: '', XDG_CACHE_HOME: parent }
    const check = { cwd: folder, env, timeout: checkTimeoutMs }
    const { stdout } = await run('npm', ['run', 'check'], check).catch(
      (error: unknown) => error as { readonly stdout: string },
    )
    expect(stdout).toContain(' passed, 0 failed')
    const steps = [...stdout.matchAll(/^([✓✗]) ([a-z ]+?) [\d.]+s$/gm)].map(
      ([, mark, name]) => `${mark ?? ''} ${name ?? ''}`,
    )
    expect(steps).toEqual(
      expect.arrayContaining(
        ['format', 'build', 'client types', 'types', 'lint', 'layers', 'dead code', 'packages'].map(
          (name) => `✓ ${name}`,
        ),
      ),
    )
  },
  checkTimeoutMs + 10_000,
)
