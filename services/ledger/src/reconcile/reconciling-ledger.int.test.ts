import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { CaseList } from '@recargas/contracts'
import { readConfig, silentLog, type RunningService } from '@recargas/runtime'
import { eventually, freePort, testVhost, type TestVhost } from '@recargas/runtime/testing'
import { createApp } from '../app.ts'
import { Settings } from '../config.ts'
import { freshDatabase, type FreshDatabase } from '../testing/fresh-database.ts'
import { ReportAnswer } from './report.ts'

/** The whole ledger on real servers; of the adapter only the route that tells the carrier's balance. */
const serviceToken = 'a-service-token-of-a-test'
const headers = { authorization: `Bearer ${serviceToken}` }
let vhost: TestVhost
let database: FreshDatabase
let adapter: Server
let ledger: RunningService
let balance: number | null = 80_000

const startLedger = async (port: number, adapterUrl?: string): Promise<RunningService> => {
  const settings = readConfig(Settings, {
    NODE_ENV: 'test',
    PORT: String(port),
    MONGODB_URI: database.uri,
    AMQP_URL: vhost.url,
    SERVICE_TOKEN: serviceToken,
    SHUTDOWN_TIMEOUT_MS: '2000',
    ADAPTER_URL: adapterUrl,
  })
  if (settings.kind === 'invalid') throw new Error(settings.problems.join('\n'))
  return createApp(settings.config, silentLog)
}

let url = ''
const run = () => fetch(`${url}/internal/reconciliations`, { method: 'POST', headers })
const latest = () => fetch(`${url}/internal/reconciliations/latest`, { headers })
const cases = async () =>
  CaseList.parse(
    await (await fetch(`${url}/internal/merchants/principal/cases`, { headers })).json(),
  )
const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${url}/metrics`)).text()
  const line = text.split('\n').find((candidate) => candidate.startsWith(name))
  return Number(line?.split(' ').at(-1))
}

beforeAll(async () => {
  vhost = await testVhost('reconcile')
  database = await freshDatabase()
  let isFirst = true
  adapter = createServer((_request, response) => {
    const isStarting = isFirst
    isFirst = false
    if (balance === null || isStarting) {
      response.writeHead(503).end()
      return
    }
    const moment = new Date().toISOString()
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({ balance, maxLoanAmount: 1_000, askedAt: moment, answeredAt: moment }),
    )
  })
  await new Promise<void>((resolve) => adapter.listen(0, '127.0.0.1', resolve))
  const port = await freePort()
  url = `http://127.0.0.1:${port}`
  ledger = await startLedger(port, `http://127.0.0.1:${(adapter.address() as AddressInfo).port}`)
}, 60_000)
afterAll(async () => {
  await ledger.close()
  await new Promise((resolve) => adapter.close(resolve))
  await database.drop()
  await vhost.drop()
}, 30_000)

describe('a ledger that knows its adapter', () => {
  it('takes its baseline by itself, soon after an adapter that did not answer at first', async () => {
    const answer = await eventually(latest, ({ status }) => status === 200, { timeoutMs: 25_000 })
    expect(ReportAnswer.parse(await answer.json())).toMatchObject({ run: 1, status: 'baseline' })
    expect(await metric('ledger_reconcile_runs_total{status="missed"')).toBe(1)
  }, 30_000)

  it('reconciles on demand, and its writer books one case for a difference that no sale explains', async () => {
    await eventually(latest, ({ status }) => status === 200)
    balance = 79_000
    const report = ReportAnswer.parse(await (await run()).json())
    expect(report).toMatchObject({ status: 'different', difference: 1_000, available: 80_000 })
    expect(await eventually(cases, ({ length }) => length > 0)).toMatchObject([
      {
        id: `${String(report.caseId)}:carrier-balance-differs`,
        mismatch: { carrierAmount: 1_000 },
      },
    ])
    expect(await metric('ledger_reconcile_difference')).toBe(1_000)
    expect(await metric('ledger_reconcile_mismatches_total')).toBe(1)
    expect(await metric('ledger_carrier_available')).toBe(80_000)
    expect(await metric('ledger_reconcile_runs_total{status="equal"')).toBe(0)
    expect(ReportAnswer.parse(await (await run()).json())).toMatchObject({ status: 'equal' })
    expect(await cases()).toHaveLength(1)
  }, 60_000)

  it('reports that the carrier returns no balance', async () => {
    balance = null
    const response = await run()
    expect(response.status).toBe(503)
    expect(await response.json()).toMatchObject({ code: 'CARRIER_BALANCE_UNKNOWN' })
    expect(await metric('ledger_reconcile_runs_total{status="missed"')).toBeGreaterThan(0)
    balance = 79_000
  })

  it('answers only callers with the service token', async () => {
    const stranger = await fetch(`${url}/internal/reconciliations`, { method: 'POST' })
    expect(stranger.status).toBe(401)
  })
})

describe('a ledger without an adapter', () => {
  it('runs, and logs that nothing is reconciled', async () => {
    const port = await freePort()
    const alone = await startLedger(port)
    try {
      const response = await fetch(`http://127.0.0.1:${port}/internal/reconciliations`, {
        method: 'POST',
        headers,
      })
      expect(response.status).toBe(503)
      expect(await response.json()).toMatchObject({ code: 'RECONCILIATION_OFF' })
    } finally {
      await alone.close()
    }
  }, 60_000)
})
