import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { runOps } from '@recargas/ops/program'
import { eventually, newNumber, openShop, type Shop } from '../till/shop.ts'
import { openTestStack, type TestStack } from './test-stack.ts'

let stack: TestStack
let shop: Shop
beforeAll(async () => {
  stack = await openTestStack('reconcile', { env: { ledger: { RECONCILE_EVERY_MS: '600000' } } })
  shop = await openShop(stack.gateway, { cash: 2_000, float: 1_000 })
}, 60_000)
afterAll(async () => {
  expect(await stack.close()).toMatchObject({ findings: [] })
}, 60_000)

const program = fileURLToPath(
  new URL('../../../services/ledger/dist/reconcile/main.js', import.meta.url),
)

/** `npm run reconcile -- --json`, as an operator runs it. */
const reconcile = (): Promise<{ readonly exitCode: number; readonly report: unknown }> =>
  new Promise((resolve, reject) => {
    const { NODE_OPTIONS: _own, ...environment } = process.env
    const { url, serviceToken } = stack.ledger
    const env = { ...environment, LEDGER_URL: url, SERVICE_TOKEN: serviceToken }
    execFile(process.execPath, [program, '--json'], { env }, (error, stdout, stderr) => {
      if (stdout === '') reject(new Error(stderr, { cause: error }))
      else
        resolve({ exitCode: error === null ? 0 : Number(error.code), report: JSON.parse(stdout) })
    })
  })

const casesOpenOf = (report: unknown) => (report as { casesOpen?: number }).casesOpen

const ops = async (...args: readonly string[]) => {
  let [out, err] = ['', '']
  const environment = { LEDGER_URL: stack.ledger.url, SERVICE_TOKEN: stack.ledger.serviceToken }
  const code = await runOps(args, {
    environment,
    out: (text) => (out += text),
    err: (text) => (err += text),
  })
  return { code, out, err }
}

describe('reconciling with the carrier’s balance', () => {
  it('finds nothing while the carrier took the sold amounts', async () => {
    // One run at a time: a second one is refused.
    await stack.firstReconciliation()
    await reconcile()
    for (const amount of [5, 7.5]) {
      expect((await shop.sell(newNumber(), amount)).status).toBe(201)
    }
    const { exitCode, report } = await reconcile()
    expect(report).toMatchObject({ status: 'equal', difference: 0 })
    expect(exitCode).toBe(0)
  })

  it('opens one case for an amount that the carrier took without a sale, and exits with 1', async () => {
    await stack.moveCarrierBalance(-1_234)
    const found = await reconcile()
    expect(found.report).toMatchObject({ status: 'different', difference: 1_234 })
    expect(found.exitCode).toBe(1)
    // The next run starts from this balance; its "equal" hides nothing while the case is open.
    const again = await eventually(reconcile, ({ report }) => casesOpenOf(report) === 1)
    expect(again.report).toMatchObject({ status: 'equal', difference: 0 })
    expect(again.exitCode).toBe(1)

    const { list } = await shop.administrator.get('/incidencias')
    expect(list).toHaveLength(1)
    expect(list[0]).toMatchObject({
      tipo: 'DIFERENCIA_CON_PROVEEDOR',
      diferencia: { unidades_proveedor: 1_234 },
    })
    const metrics = async () => (await fetch(`${stack.ledger.url}/metrics`)).text()
    const open = 'ledger_cases_open{type="carrier-balance-differs",service="ledger"}'
    await eventually(metrics, (text) => text.includes(`${open} 1`))

    const { caseId } = found.report as { caseId: string }
    const close = [
      'cases',
      'close',
      caseId,
      '--reason',
      'the carrier paid it back',
      '--by',
      'Ana Rojas',
    ]
    expect(await ops('cases', 'list')).toMatchObject({
      code: 1,
      out: expect.stringContaining(caseId),
    })
    expect(await ops(...close)).toMatchObject({
      code: 0,
      out: expect.stringContaining('closed by Ana Rojas'),
    })
    expect(await ops(...close.slice(0, -1), 'Luz Paz')).toMatchObject({
      code: 1,
      err: expect.stringContaining('Ana Rojas closed it at'),
    })
    expect(await ops('cases', 'list')).toMatchObject({ code: 0, out: 'none\n' })
    expect((await reconcile()).exitCode).toBe(0)
    await eventually(metrics, (text) => text.includes(`${open} 0`))
  }, 60_000)

  it('opens no case for a recharge that an Administrador has recorded', async () => {
    const recharge = { unidades_proveedor: 50_000, nota: 'transferencia 4711' }
    const record = (pos: Shop['administrator']) =>
      pos.post('/recargas/proveedor', recharge, { 'idempotency-key': 'transfer-4711' })
    expect((await record(shop.cashier)).status).toBe(403)
    const recorded = await record(shop.administrator)
    expect([recorded.status, recorded.body['unidades_proveedor']]).toEqual([201, 50_000])
    expect((await record(shop.administrator)).body).toEqual(recorded.body)
    expect((await reconcile()).report).toMatchObject({ status: 'equal', rechargesAwaited: 50_000 })
    await stack.moveCarrierBalance(50_000)
    const { exitCode, report } = await reconcile()
    expect(report).toMatchObject({ status: 'equal', recharged: 50_000, rechargesAwaited: 0 })
    expect(exitCode).toBe(0)
  })

  it('lets the shop’s Administrador close the case of a recharge that was recorded too late', async () => {
    await stack.moveCarrierBalance(700)
    const { caseId } = (await reconcile()).report as { caseId: string }
    const recharge = { unidades_proveedor: 700, nota: 'transferencia 4712' }
    expect((await shop.administrator.post('/recargas/proveedor', recharge)).status).toBe(201)
    const path = `/incidencias/${caseId}:carrier-balance-differs/cerrar`
    const note = { nota: 'Fue la transferencia 4712.' }
    expect((await shop.cashier.post(path, note)).status).toBe(403)
    const closed = await eventually(
      () => shop.administrator.post(path, note),
      ({ status }) => status === 200,
    )
    expect(closed.body['cierre']).toMatchObject({ motivo: note.nota })
    expect((await shop.administrator.post(path, note)).body).toEqual(closed.body)
    const other = await shop.administrator.post(path, { nota: 'Fue otra cosa.' })
    expect([other.status, other.body['code']]).toEqual([409, 'CASE_CLOSED'])
    expect(await ops('cases', 'list')).toMatchObject({ code: 0, out: 'none\n' })
    expect(await reconcile()).toMatchObject({ exitCode: 0, report: { status: 'equal' } })
  })
})
