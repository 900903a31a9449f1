import { execFileSync } from 'node:child_process'
import { appendFile, cp, mkdir, mkdtemp, readFile, readdir, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { emptyBroker } from '@recargas/ops/backup/empty-broker'
import { fileOf, readBackup, type Manifest } from '@recargas/ops/backup/manifest'
import { newPasswordsFor } from '@recargas/ops/backup/new-passwords'
import { restoreBackup } from '@recargas/ops/backup/restore-backup'
import { writeBackup } from '@recargas/ops/backup/write-backup'
import { runDrill, type DrillPlan, type DrillResult } from '@recargas/ops/backup/drill'
import { runOps } from '@recargas/ops/program'
import { verifyLedger } from '@recargas/ops/proofs'
import { cacheFolder, onPath } from '@recargas/stack/install'
import { databaseOf } from '@recargas/stack/stack-access'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { withDatabase } from '../runner/ledger-database.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Shop
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recargas-backup-test-'))
  stack = await openTestStack('backup')
  shop = await openShop(stack.gateway)
}, 120_000)
afterAll(async () => {
  const proof = await stack.close()
  await rm(folder, { recursive: true, force: true })
  expect(proof).toMatchObject({ findings: [], debitedTwice: 0 })
}, 120_000)

const internal = (path: string, body?: object) =>
  fetch(`${stack.ledger.url}/internal${path}`, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${stack.ledger.serviceToken}`,
      'content-type': 'application/json',
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
const reconcile = async () => (await internal('/reconciliations', {})).json()
const services = () => [stack.processes.gateway, stack.processes.ledger, stack.processes.adapter]

const urisOf = () => stack.administration
const secrets = () => join(folder, 'secrets')
/** The address that a restore has left for a service. */
const addressOf = (service: 'ledger' | 'adapter') =>
  readFile(join(secrets(), `mongodb_uri_${service}`), 'utf8')

const restore = (manifest: Manifest, replace: boolean) =>
  restoreBackup({
    folder: join(folder, 'backup'),
    manifest,
    uris: urisOf(),
    replace,
    newPasswords: newPasswordsFor(urisOf(), secrets()).make,
    verify: async (uri) => (await verifyLedger(uri)).found,
    emptyBroker: () => emptyBroker(stack.traces.amqpUrl),
    now: () => new Date(),
  })

it('a backup made while shops sell is restored whole, and sells only after a person or a reconciliation releases it', async () => {
  await eventually(reconcile, (report) => (report as { status?: string }).status !== undefined)
  const kept = await shop.sell(newNumber(), 1)
  expect(kept.status).toBe(201)
  let isSelling = true
  const load = (async () => {
    while (isSelling) await shop.sell(newNumber(), 0.1)
  })()
  const written = await writeBackup(join(folder, 'backup'), urisOf(), 'test')
  isSelling = false
  await load
  const lostNumber = newNumber()
  const lostKey = { 'idempotency-key': 'sold-after-the-backup' }
  const lost = await shop.sell(lostNumber, 2, lostKey)
  expect(lost.status).toBe(201)

  // The services still consume: a restore under them would contradict their memory.
  await expect(emptyBroker(stack.traces.amqpUrl)).rejects.toThrow('stop every service')
  for (const service of services()) await service.stop()
  const manifest = await readBackup(join(folder, 'backup'))
  expect(manifest).toEqual(written)
  await expect(restore(manifest, false)).rejects.toThrow('--replace')
  const { recoveryPoint } = await restore(manifest, true)
  const { gateway, ledger, adapter } = stack.processes
  await adapter.start({ MONGODB_URI: await addressOf('adapter') })
  await ledger.start({ MONGODB_URI: await addressOf('ledger') })
  await gateway.start()

  const read = (sale: typeof kept) =>
    shop.administrator.get(`/recargas/cliente/${String(sale.body['id_transaccion'])}`)
  expect((await read(kept)).body['estado']).toBe('AUTORIZADA')
  expect((await read(lost)).status).toBe(404)
  const refused = await shop.sell(newNumber(), 1)
  expect([refused.status, refused.body['code']]).toEqual([503, 'SELLING_PAUSED'])
  expect(refused.body['message']).toContain('No se vendió')
  // The books do not know it, the carrier does: nothing is denied.
  const pressedAgain = await shop.sell(lostNumber, 2, lostKey)
  expect([pressedAgain.status, pressedAgain.body['code']]).toEqual([503, 'SELLING_PAUSED'])
  expect(pressedAgain.body['id_transaccion']).toBe(lost.body['id_transaccion'])
  expect(pressedAgain.body['message']).toContain('guarde el dinero')

  // The carrier took a sale that the books lack: they are not whole, and the next run would not report it again.
  expect(await reconcile()).toMatchObject({ status: 'different' })
  await reconcile()
  const state = await eventually(
    async () => (await internal('/selling')).json() as Promise<{ open: boolean; reason: string }>,
    ({ reason }) => reason.includes('accept'),
  )
  expect(state).toMatchObject({ open: false, reason: expect.stringContaining(recoveryPoint) })
  const accepted = await internal('/selling/accept', { by: 'Ana Rojas', reason: 'one sale lost' })
  expect(await accepted.json()).toEqual({ open: true, reason: null })
  await eventually(
    () => shop.sell(newNumber(), 1),
    ({ status }) => status === 201,
  )
  const told = await shop.sell(lostNumber, 2, lostKey)
  expect([told.status, told.body['id_transaccion']]).toEqual([201, lost.body['id_transaccion']])
}, 180_000)

/** Another database as the auditor, who is known to the ledger's. */
const auditOf = (uri: string) =>
  databaseOf(stack.auditUri, /\/\/[^/]+\/([^?]+)/.exec(uri)?.[1] ?? '')
const ops = async (...args: readonly string[]) => {
  let out = ''
  let err = ''
  const code = await runOps(args, {
    environment: {
      LEDGER_MONGODB_URI: urisOf().ledger,
      ADAPTER_MONGODB_URI: urisOf().adapter,
      STACK_DIR: '/nowhere',
    },
    out: (text) => (out += text),
    err: (text) => (err += text),
  })
  return { code, out, err }
}
/** Databases that a drill has left on the server. */
const scratchLeft = () =>
  withDatabase(urisOf().ledger, async ({ client }) => {
    const { databases } = await client.db('admin').admin().listDatabases()
    return databases.map(({ name }) => name).filter((name) => name.startsWith('drill_'))
  })

it('a drill restores the newest backup beside the system that sells, proves it and leaves nothing behind', async () => {
  const dir = join(folder, 'all')
  const old = 'recargas-20250101T023000Z'
  await cp(join(folder, 'backup'), join(dir, old), { recursive: true })
  const foreign = ['recargas-20250102T023000Z', 'books.ods']
  for (const each of foreign) await mkdir(join(dir, each))
  const keep = ['--dir', dir, '--keep-daily', '1']
  const failed = await ops('backup', ...keep, '--adapter-uri', 'mongodb://')
  expect(failed.code).toBe(2)
  expect((await readdir(dir)).sort()).toEqual([old, ...foreign].sort())
  const metrics = join(folder, 'recargas.prom')
  // The auditor reads and can do nothing else.
  const audited = ['--ledger-uri', stack.auditUri, '--adapter-uri', auditOf(urisOf().adapter)]
  const made = await ops('backup', ...keep, ...audited, '--metrics-file', metrics, '--json')
  expect([made.code, made.err]).toEqual([0, ''])
  const { name, removed } = JSON.parse(made.out) as { name: string; removed: string[] }
  expect(removed).toEqual([old])
  expect(await readFile(metrics, 'utf8')).toMatch(/\nbackup_newest_timestamp_seconds [1-9]\d+\n/)
  expect((await shop.sell(newNumber(), 1)).status).toBe(201)

  const run = await ops('drill', '--dir', dir, '--json')
  expect([run.code, run.err]).toEqual([0, ''])
  const result = JSON.parse(run.out) as DrillResult
  expect(result).toMatchObject({ passed: true, findings: [], kept: [] })
  expect(result.running).toMatchObject({ kind: 'compared', partitions: 16 })
  expect(result.steps.map(({ step }) => step)).toEqual([
    ...['check', 'load', 'prove', 'project', 'compare'],
  ])
  expect(result.restoreSeconds).toBeGreaterThan(0)
  expect((await readdir(dir)).sort()).toEqual([name, `${name}.proven.json`, ...foreign].sort())
  expect(await scratchLeft()).toEqual([])
}, 60_000)

const drillOf = (plan: Partial<DrillPlan>): Promise<DrillResult> =>
  runDrill({
    backup: join(folder, 'backup'),
    work: folder,
    running: urisOf(),
    server: urisOf().ledger,
    scratch: 'drill_of_a_test',
    keep: false,
    verify: () => Promise.resolve(0),
    project: () => Promise.resolve(),
    onStep: () => undefined,
    now: () => new Date(),
    nowMs: () => performance.now(),
    signal: new AbortController().signal,
    ...plan,
  })

it('a drill that is stopped, or finds a fault, drops what it has made, and one in a running database is refused', async () => {
  const controller = new AbortController()
  const onStep: DrillPlan['onStep'] = ({ step }) => {
    if (step === 'load') controller.abort()
  }
  await expect(drillOf({ onStep, signal: controller.signal })).rejects.toThrow('stopped')
  const found = await drillOf({ verify: () => Promise.resolve(3) })
  expect(found).toMatchObject({ passed: false, findings: [expect.stringContaining('3 findings')] })
  expect(await scratchLeft()).toEqual([])

  const running = urisOf().ledger.replace(/(\/\/[^/]+\/)[^?]+/, '$1drill_of_a_test_ledger')
  await expect(drillOf({ running: { ledger: running } })).rejects.toThrow(
    'drill_of_a_test_ledger is a database of the running system',
  )
  // Kept by one, they are refused to the next.
  const { kept } = await drillOf({ keep: true })
  await expect(drillOf({})).rejects.toThrow('is there already')
  await withDatabase(urisOf().ledger, async ({ client }) => {
    for (const name of kept) await client.db(name).dropDatabase()
  })
}, 60_000)

const tools = join(cacheFolder(), 'backup')
const withAge = onPath('age', [tools]) === null ? it.skip : it

withAge(
  'an encrypted backup passes with its key, and each bad one is refused with the remedy',
  async () => {
    const dir = join(folder, 'sealed')
    const keygen = onPath('age-keygen', [tools]) ?? ''
    const [own = '', other = ''] = ['own', 'other'].map((name) => {
      const file = join(folder, `${name}.key`)
      execFileSync(keygen, ['-o', file], { stdio: 'ignore' })
      return file
    })
    const recipient = /age1\w+/.exec(await readFile(own, 'utf8'))?.[0] ?? ''
    expect((await ops('backup', '--dir', dir, '--recipient', recipient)).code).toBe(0)
    const [name = ''] = await readdir(dir)
    expect(name).toMatch(/^recargas-\d{8}T\d{6}Z\.tar\.age$/)
    const sealed = join(dir, name)
    expect(await drillOf({ backup: sealed, identity: own })).toMatchObject({ passed: true })

    const cut = join(folder, 'cut.tar.age')
    await cp(sealed, cut)
    await truncate(cut, 2_000)
    const changed = join(folder, 'changed')
    await cp(join(folder, 'backup'), changed, { recursive: true })
    await appendFile(fileOf(changed, 'adapter', 'carrier_topups'), 'x')
    const bad: readonly (readonly [code: number, says: string, ...args: string[]])[] = [
      [2, 'encrypted for other keys', '--from', sealed, '--identity', other],
      [2, '--identity names the file', '--from', sealed],
      [2, 'there is no such file', '--from', sealed, '--identity', join(folder, 'none')],
      [2, 'is no backup', '--from', own],
      [2, 'there is no such backup', '--from', join(folder, 'none')],
      [2, 'holds no finished backup', '--dir', folder],
      [1, 'take another backup', '--from', cut, '--identity', own],
      [1, 'differs from the backup', '--from', changed],
    ]
    for (const [code, says, ...args] of bad) {
      const run = await ops('drill', ...args)
      expect({ args, code: run.code, err: run.err }).toEqual({
        args,
        code,
        err: expect.stringContaining(says),
      })
    }
    expect(await scratchLeft()).toEqual([])
  },
  60_000,
)

it('a backup with a file that changed is refused before anything is touched', async () => {
  await appendFile(fileOf(join(folder, 'backup'), 'blocks', 'blocks'), 'x')
  await expect(readBackup(join(folder, 'backup'))).rejects.toThrow('differs from the backup')
  await expect(readBackup(folder)).rejects.toThrow('no finished backup')
})
