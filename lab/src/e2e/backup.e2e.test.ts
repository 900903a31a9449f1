import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { emptyBroker } from '@recargas/ops/backup/empty-broker'
import { fileOf, readBackup, type Manifest } from '@recargas/ops/backup/manifest'
import { newPasswordsFor } from '@recargas/ops/backup/new-passwords'
import { restoreBackup } from '@recargas/ops/backup/restore-backup'
import { writeBackup } from '@recargas/ops/backup/write-backup'
import { verifyLedger } from '@recargas/ops/proofs'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
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

it('a backup with a file that changed is refused before anything is touched', async () => {
  await appendFile(fileOf(join(folder, 'backup'), 'blocks', 'blocks'), 'x')
  await expect(readBackup(join(folder, 'backup'))).rejects.toThrow('differs from the backup')
  await expect(readBackup(folder)).rejects.toThrow('no finished backup')
})
