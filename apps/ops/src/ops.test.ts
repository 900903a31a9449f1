import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import { runOps } from './program.ts'

/** Services with answers set by a test, by method and path; everything else is 404. */
let answers: Record<string, unknown> = {}
const asked: { readonly request: string; readonly body: unknown }[] = []
let server: Server
let url = ''

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk: Buffer) => (text += chunk.toString()))
    request.on('end', () => {
      const name = `${request.method ?? ''} ${request.url ?? ''}`
      asked.push({ request: name, body: text === '' ? null : JSON.parse(text) })
      const answer = answers[name]
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer ?? { code: 'NOT_FOUND' }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  answers = {}
  asked.length = 0
})

const ops = (...args: readonly string[]) => opsWith({ SERVICE_TOKEN: 'a-service-token' }, ...args)

const opsWith = async (own: Readonly<Record<string, string>>, ...args: readonly string[]) => {
  let out = ''
  let err = ''
  const code = await runOps(args, {
    environment: {
      GATEWAY_URL: url,
      LEDGER_URL: url,
      ADAPTER_URL: url,
      ...own,
      JWT_SECRET: 'a-secret-of-thirty-two-bytes-or-more',
      STACK_DIR: '/nowhere',
    },
    out: (text) => (out += text),
    err: (text) => (err += text),
  })
  return { code, out, err }
}

const messageId = 'a'.repeat(32)
const otherId = 'b'.repeat(32)
const settled = {
  results: [
    {
      id: messageId,
      type: 'RequestTopup.v1',
      messageId: 'm',
      queue: 'ledger.3.v1',
      outcome: 'done',
      note: null,
    },
  ],
  remaining: 0,
}

it.each([
  ['replay', [], {}],
  ['discard', ['--reason', 'sent by a test'], { reason: 'sent by a test' }],
] as const)('quarantine %s acts on the messages that are named', async (action, more, body) => {
  answers[`POST /internal/quarantine/${action}`] = settled
  const run = await ops('quarantine', action, messageId, otherId, '--by', 'Ana Rojas', ...more)
  expect([run.code, run.err]).toEqual([0, ''])
  expect(asked).toEqual([
    {
      request: `POST /internal/quarantine/${action}`,
      body: {
        by: 'Ana Rojas',
        choice: { of: 'messages', ids: [messageId, otherId] },
        dryRun: false,
        ...body,
      },
    },
  ])
})

it('quarantine acts on a group only where as many wait as the person saw', async () => {
  answers['POST /internal/quarantine/replay'] = settled
  const reason = 'the catalogue is mended'
  const group = ['--cause', 'INVALID', '--expect', '17', '--reason', reason, '--by', 'Ana']
  expect((await ops('quarantine', 'replay', ...group)).code).toBe(0)
  const choice = { filter: { cause: 'INVALID' }, limit: 10, expected: 17 }
  expect(asked).toMatchObject([{ body: { by: 'Ana', reason, choice } }])
})

it('quarantine refuses an impossible id, and ids together with a group, before any request', async () => {
  const notAnId = await ops('quarantine', 'replay', '17', '--by', 'Ana')
  expect([notAnId.code, notAnId.err]).toEqual([2, expect.stringContaining('17 is no id')])
  const both = await ops('quarantine', 'replay', messageId, '--all', '--by', 'Ana')
  expect([both.code, both.err]).toEqual([2, expect.stringContaining('which messages?')])
  const neither = await ops('quarantine', 'discard', '--reason', 'none', '--by', 'Ana')
  expect([neither.code, neither.err]).toEqual([2, expect.stringContaining('which messages?')])
  expect(asked).toEqual([])
})

it('reports an invalid name, and asks for a missing one', async () => {
  const short = await ops('quarantine', 'replay', messageId, '--by', 'z')
  expect([short.code, short.err]).toEqual([2, '--by "z": a name of 2 to 80 characters\n'])
  const nobody = await ops('quarantine', 'replay', messageId)
  expect([nobody.code, nobody.err]).toEqual([2, expect.stringContaining('no name: give --by')])
  expect(asked).toEqual([])
})

const operator = (nombre: string, disponible: boolean) => ({
  nombre,
  proveedor: 'tpaga',
  disponible,
  motivo: disponible ? null : 'El proveedor no ofrece esta operadora.',
})
const float = (nombre: string) => ({
  nombre_operadora: nombre,
  saldo_actual: '89.50',
  saldo_reservado: '10.00',
  saldo_bajo: true,
  autonomia_minutos: 61,
  disponible: true,
  motivo: null,
})

it('operators lists every operator with its float, also one that left the catalogue', async () => {
  answers = {
    'GET /operadoras': [operator('Tigo', true)],
    'GET /recargas/operadoras/saldos': [float('Tigo'), float('Gone')],
  }
  const { code, out } = await ops('operators', '--json')
  expect(code).toBe(0)
  const row = { available: '89.50', reserved: '10.00', low: true, runwayMinutes: 61 }
  expect(JSON.parse(out)).toEqual([
    { operator: 'Tigo', sells: true, reason: null, ...row },
    { operator: 'Gone', sells: true, reason: null, ...row },
  ])
})

it('operators exits with 1 where one cannot be sold', async () => {
  answers = {
    'GET /operadoras': [operator('Tigo', true), operator('Viva', false)],
    'GET /recargas/operadoras/saldos': [],
  }
  const { code, out } = await ops('operators')
  expect(code).toBe(1)
  expect(out).toContain('El proveedor no ofrece esta operadora.')
})

const answer = `an answer of the carrier that is longer than any table is wide: ${'x'.repeat(130)}`
const attempt = {
  attempt: 1,
  startedAt: '2026-11-28T10:00:00.000Z',
  endedAt: '2026-11-28T10:00:01.000Z',
  row: 3,
  observed: answer,
  httpStatus: 202,
}
const sale = {
  topupId: '0b9d2a3e-6a35-4d77-9d5c-2f4f3f9e1a11',
  id: 17,
  merchant: 'bogota',
  currency: 'COP',
  sessionId: 1,
  userId: '2',
  operator: 'Tigo',
  number: '3001234567',
  amount: 500_000,
  state: 'reserved',
  requestedAt: '2026-11-28T10:00:00.000Z',
  updatedAt: '2026-11-28T10:00:00.000Z',
  attempts: [attempt],
  timeline: [{ at: '2026-11-28T10:00:01.000Z', step: 'attempt', attempt }],
}

it('one sale and one message are shown whole', async () => {
  answers['GET /internal/merchants/principal/topups/17'] = sale
  const shown = await ops('sale', '17')
  expect([shown.code, shown.err]).toEqual([0, ''])
  expect(shown.out).toContain(answer)

  answers[`GET /internal/quarantine/${messageId}`] = {
    id: messageId,
    state: 'waiting',
    cause: 'INVALID',
    detail: answer,
    queue: 'ledger.3.v1',
    type: 'CarrierVerdict.v1',
    messageId: 'm',
    correlationId: 'c',
    merchant: 'principal',
    partition: 3,
    attempts: 1,
    bytes: 2,
    firstFailureAt: null,
    firstSeenAt: '2026-11-28T10:00:00.000Z',
    lastSeenAt: '2026-11-28T10:00:00.000Z',
    arrivals: 1,
    replays: 0,
    headers: { 'last-error-detail': answer.toUpperCase() },
    body: { encoding: 'utf8', text: '{}' },
    isCut: false,
    note: null,
    actions: [],
  }
  const message = await ops('quarantine', 'show', messageId)
  expect([message.code, message.err]).toEqual([0, ''])
  expect(message.out).toContain(answer)
  expect(message.out).toContain(answer.toUpperCase())
})

it('pending lists the held sales of every shop with their attempts', async () => {
  answers['GET /internal/held?state=reserved&limit=50'] = [sale]
  const { code, out } = await ops('pending')
  expect(code).toBe(0)
  const [, row = ''] = out.split('\n').filter((line) => /bogota|shop/.test(line))
  expect(row.split('│').map((cell) => cell.trim())).toEqual(
    expect.arrayContaining(['bogota', '17', sale.topupId, 'Tigo', '5000.00 COP', '1']),
  )
  answers['GET /internal/held?state=in-review&limit=9&merchant=principal'] = []
  const review = await ops('review', '--limit', '9', '--merchant', 'principal')
  expect(review).toEqual({ code: 0, out: 'none\n', err: '' })
})

const retiredWithMoney = {
  merchant: 'bogota',
  caja: {
    id: 3,
    currency: 'COP',
    name: 'Kiosco',
    specialty: 'MIXTA',
    active: false,
    balance: 510_000,
    reserved: 0,
    incoming: 50_000,
    createdBy: '1',
    updatedBy: '7',
    createdAt: '2026-11-28T10:00:00.000Z',
    updatedAt: '2026-11-28T11:00:00.000Z',
  },
}

it('cajas names those retired with money and exits with 1; without any, 0', async () => {
  answers['GET /internal/retired-cajas'] = []
  expect(await ops('cajas')).toEqual({ code: 0, out: 'none\n', err: '' })
  answers['GET /internal/retired-cajas'] = [retiredWithMoney]
  const { code, out } = await ops('cajas')
  expect(code).toBe(1)
  const row = out.split('\n').find((line) => line.includes('Kiosco')) ?? ''
  expect(row.split('│').map((cell) => cell.trim())).toEqual(
    expect.arrayContaining(['bogota', '3', 'Kiosco', '5100.00 COP', '500.00 COP', '7']),
  )
})

it('exits with 2 for wrong usage, 1 for a refusal and 0 for help, as the help documents', async () => {
  for (const wrong of [
    ['no-such-command'],
    ['pending', '--limit', 'many'],
    ['pending', '--limit', '501'],
    ['quarantine', 'replay', messageId, '--rate', '0', '--by', 'Ana'],
    ['resolve', '17', 'perhaps', '--evidence', 'e', '--note', 'n', '--by', 'Ana'],
    ['sale', 'seventeen'],
    ['restore'],
  ]) {
    const run = await ops(...wrong)
    expect([wrong, run.code, run.err !== '']).toEqual([wrong, 2, true])
  }
  const unknown = await ops('sale', '18')
  expect([unknown.code, unknown.err]).toEqual([1, expect.stringContaining('has no sale 18')])
  const help = await ops('--help')
  expect([help.code, help.err]).toEqual([0, ''])
  expect(help.out).toContain('Exit code: 0 all well, 1 something needs a person or was refused')
})

it.each([
  'cases close c-1 --reason LONG --by Ana',
  'cases close c-1 --reason explained --by LONG',
  'selling accept --reason LONG --by Ana',
  'selling accept --reason explained --by LONG',
  `quarantine discard ${messageId} --reason LONG --by Ana`,
  `quarantine discard ${messageId} --reason explained --by LONG`,
  `quarantine replay ${messageId} --by LONG`,
  'quarantine show LONG',
  'resolve 17 rejected --evidence ticket --note phone --by LONG',
  'sale LONG',
  'pending --merchant LONG',
  'review --merchant LONG',
  'operators --merchant LONG',
  'cases list --merchant LONG',
])('%s of 10,000 characters is refused with exit code 2 and a short reason', async (line) => {
  const long = 'x'.repeat(10_000)
  const run = await ops(...line.split(' ').map((word) => (word === 'LONG' ? long : word)))
  expect([run.code, run.out, asked]).toEqual([2, '', []])
  expect(run.err).toMatch(/^[^]{10,400}$/)
})

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString()
const carrierUp = { available: true, reason: null, breaker: 'closed' }
const proven = { partition: 3, block: 118, at: minutesAgo(3), finding: null }
const allIsWell = () => ({
  'GET /internal/proof': [{ ...proven, partition: 2, block: 89, at: minutesAgo(1) }, proven],
  'GET /ready': { ready: true, parts: [{ name: 'broker', ready: true, reason: null }] },
  'GET /live': { live: true, version: '0.1.0 abc1234' },
  'GET /internal/selling': { open: true, reason: null },
  'GET /internal/carriers': { tpaga: { ...carrierUp, bundles: carrierUp, offered: null } },
  'GET /internal/retired-cajas': [],
  'GET /internal/quarantine/groups': [],
  'GET /internal/reconciliations/latest': {
    run: 7,
    status: 'equal',
    to: minutesAgo(20),
    uncertain: 0,
  },
  'GET /internal/overview': {
    held: [
      { state: 'reserved', count: 2, oldestAt: minutesAgo(1) },
      { state: 'in-review', count: 0, oldestAt: null },
    ],
    lowFloats: [],
    openCases: [{ kind: 'carrier-balance-differs', count: 0 }],
  },
})
const rowsOf = (out: string) =>
  (JSON.parse(out) as { findings: { what: string; well: boolean; says: string }[] }).findings

it('status lists held, low, open and quarantined items, and exits with 0 while no action is needed', async () => {
  answers = allIsWell()
  const { code, out } = await ops('status', '--json')
  expect(code).toBe(0)
  expect(rowsOf(out).map(({ what, says }) => `${what}: ${says}`)).toEqual([
    'gateway broker: ready',
    'ledger broker: ready',
    'adapter broker: ready',
    'versions: 0.1.0 abc1234',
    'selling: open',
    'tpaga top-ups: breaker closed',
    'tpaga bundles: breaker closed',
    expect.stringMatching(/^held sales: 2, the oldest for 6\d s$/),
    'in review: none',
    'low floats: none',
    'open cases: none',
    'retired cajas: none holds money',
    'quarantine: empty',
    'reconciliation: run 7: equal, 20 min ago',
    'proof: 209 blocks proven, 3 min ago',
  ])
})

const overviewWith = (more: object) => ({
  'GET /internal/overview': { ...allIsWell()['GET /internal/overview'], ...more },
})
const held = (reserved: string | null, inReview: string | null) => ({
  held: [
    { state: 'reserved', count: reserved === null ? 0 : 1, oldestAt: reserved },
    { state: 'in-review', count: inReview === null ? 0 : 3, oldestAt: inReview },
  ],
})
const lowFloat = {
  merchant: 'principal',
  operator: 'Tigo',
  currency: 'BOB',
  available: 8_950,
  runwayMinutes: 61,
}

it.each([
  [
    overviewWith(held(minutesAgo(3), null)),
    'held sales',
    '1, the oldest for 3 min: npm run ops -- pending',
  ],
  [
    overviewWith(held(null, minutesAgo(600))),
    'in review',
    '3, the oldest for 10 h: npm run ops -- review',
  ],
  [overviewWith({ lowFloats: [lowFloat] }), 'low floats', 'principal/Tigo 89.50 BOB lasts 61 min'],
  [
    overviewWith({ openCases: [{ kind: 'carrier-balance-differs', count: 1 }] }),
    'open cases',
    '1 carrier-balance-differs: npm run ops -- cases list',
  ],
  [
    {
      'GET /internal/reconciliations/latest': {
        run: 7,
        status: 'equal',
        to: minutesAgo(240),
        uncertain: 150,
      },
    },
    'reconciliation',
    'run 7: equal, a range of 150 was compared, 4 h ago',
  ],
  [
    { 'GET /internal/retired-cajas': [retiredWithMoney] },
    'retired cajas',
    '1 with money: npm run ops -- cajas',
  ],
  [
    {
      'GET /internal/proof': [
        {
          ...proven,
          finding: {
            code: 'CHAIN',
            block: 119,
            entry: null,
            detail: 'cut',
            found: 2,
            at: minutesAgo(1),
          },
        },
      ],
    },
    'proof',
    'CHAIN at 3/119: cut: npm run verify',
  ],
  [
    { 'GET /internal/reconciliations/latest': undefined },
    'reconciliation',
    'never: npm run ops -- reconcile',
  ],
  [
    {
      'GET /internal/carriers': {
        tpaga: {
          ...carrierUp,
          bundles: { ...carrierUp, available: false, breaker: 'open' },
          offered: null,
        },
      },
    },
    'tpaga bundles',
    'breaker open',
  ],
])(
  'status exits with 1 where a person is needed, and names the command',
  async (change, what, says) => {
    answers = { ...allIsWell(), ...change }
    const { code, out } = await ops('status', '--json')
    expect(code).toBe(1)
    expect(rowsOf(out).filter(({ well }) => !well)).toEqual([{ what, well: false, says }])
  },
)

it('status exits with 1 for a catalogue file that is not taken, although the part is ready', async () => {
  const says = 'the file is not taken: merchants.principal.operators[0].minimo: Too small'
  const parts = [{ name: 'catalogue', ready: true, reason: says }]
  answers = { ...allIsWell(), 'GET /ready': { ready: true, parts } }
  const { code, out } = await ops('status', '--json')
  expect(code).toBe(1)
  expect(rowsOf(out)).toContainEqual({ what: 'gateway catalogue', well: false, says })
})

it('exits with 2 when a service does not answer, and names it', async () => {
  let err = ''
  const code = await runOps(['review'], {
    environment: { LEDGER_URL: 'http://127.0.0.1:1', SERVICE_TOKEN: 'x' },
    out: () => undefined,
    err: (text) => (err += text),
  })
  expect([code, err]).toEqual([2, expect.stringContaining('the ledger does not answer')])
})

it.each([
  ['authorized', ['--code', '0041873'], { resultado: 'AUTORIZADA', codigo: '0041873' }],
  ['rejected', [], { resultado: 'RECHAZADA' }],
])('confirm says %s of a sale that a person carries out', async (result, code, body) => {
  const path = 'POST /recargas/cliente/17/confirmar'
  answers = { [path]: { estado: body.resultado } }
  const run = await ops('confirm', '17', result, ...code, '--by', 'Ana Rojas')
  expect([run.code, run.out]).toEqual([0, `sale 17: ${body.resultado}\n`])
  expect(asked).toEqual([{ request: path, body }])
})

it('starts a program of the ledger with settings that stand in files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'recargas-ops-'))
  const file = join(folder, 'service_token')
  writeFileSync(file, 'a-service-token')
  const run = await opsWith({ SERVICE_TOKEN_FILE: file }, 'reconcile')
  rmSync(folder, { recursive: true })
  expect([run.code, run.err]).toEqual([2, expect.stringContaining('NOT_FOUND')])
  expect(asked).toEqual([{ request: 'POST /internal/reconciliations', body: null }])
})
