import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { groupSeen, installation, settled } from '../openapi/examples/operation.ts'
import { asOperation, startEdge } from '../testing/edge.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  Object.assign(edge.fakes, { installation, settled, settledBy: [], isLedgerDown: false })
})

const look = async () => (await edge.get('/operacion', asOperation)).body
const settle = (verb: string, changes: object = {}) =>
  edge.post(`/operacion/cuarentena/${verb}`, { ...groupSeen, ...changes }, asOperation)

test('the state names no shop, and what waits with its age', async () => {
  const body = await look()
  expect(body).toMatchObject({
    bien: false,
    ventas: { abiertas: true },
    cuarentena: { cantidad: 2, grupos: [{ causa: 'HANDLER_FAILED', cantidad: 2 }] },
    conciliacion: { numero: 7, estado: 'equal', bien: true },
    sin_respuesta: [],
  })
  expect(body['colas']).toEqual([
    expect.objectContaining({ nombre: 'VENTAS_PENDIENTES', cantidad: 1, segundos: 30, bien: true }),
    expect.objectContaining({ nombre: 'EN_REVISION', cantidad: 0, segundos: null, bien: true }),
    expect.objectContaining({ nombre: 'CUARENTENA', cantidad: 2, segundos: 180, bien: false }),
  ])
  expect(JSON.stringify(body)).not.toContain('principal')
})

test('a service that is silent is told with its reason, and the rest is given', async () => {
  const silent = { kind: 'silent' as const, reason: 'connect ECONNREFUSED' }
  edge.fakes.installation = {
    ...installation,
    services: installation.services.map((each) =>
      each.service === 'ledger' ? { ...each, parts: silent, version: null } : each,
    ),
    money: silent,
    quarantine: { kind: 'answered', value: [] },
    reconciliation: silent,
  }
  const body = await look()
  expect(body).toMatchObject({ bien: false, versiones_iguales: false, conciliacion: null })
  expect(body['servicios']).toContainEqual(
    expect.objectContaining({ nombre: 'ledger', bien: false, motivo: silent.reason, partes: [] }),
  )
  expect(body['sin_respuesta']).toEqual([
    { parte: 'colas', motivo: silent.reason },
    { parte: 'conciliacion', motivo: silent.reason },
  ])
})

test('all is well only where every part is', async () => {
  const calm = { ...installation, quarantine: { kind: 'answered' as const, value: [] } }
  edge.fakes.installation = calm
  expect((await look())['bien']).toBe(true)
  edge.fakes.installation = {
    ...calm,
    selling: { kind: 'answered', value: { open: false, reason: 'restored' } },
  }
  expect(await look()).toMatchObject({ bien: false, ventas: { motivo: 'restored' } })
  const finding = {
    code: 'ACCOUNT',
    block: 119,
    entry: 'account/principal/float/Tigo',
    detail: 'principal',
    found: 1,
    at: groupSeen.hasta,
  }
  const [proven] = [{ partition: 3, block: 118, at: groupSeen.hasta, finding }]
  edge.fakes.installation = { ...calm, proof: { kind: 'answered', value: [proven] } }
  const body = await look()
  expect(body).toMatchObject({
    bien: false,
    prueba: {
      bien: false,
      bloques: 119,
      particiones: [{ hallazgo: { codigo: 'ACCOUNT', bloque: 119 } }],
    },
  })
  expect(JSON.stringify(body)).not.toContain('principal')
})

test.each([
  ['reenviar', 'replay'],
  ['descartar', 'discard'],
] as const)('%s acts on the group that the person saw, in his name', async (verb, action) => {
  const { status, body } = await settle(verb)
  expect([status, body['hechas'], body['quedan']]).toEqual([200, 1, 1])
  expect(body['dejadas']).toEqual([
    { id: 'b'.repeat(32), motivo: expect.stringContaining('only its beginning') },
  ])
  expect(edge.fakes.settledBy).toEqual([
    {
      action,
      word: {
        by: 'ana (1)',
        reason: groupSeen.nota,
        dryRun: false,
        choice: {
          of: 'group',
          filter: { cause: 'HANDLER_FAILED', type: 'RequestTopup.v1', queue: 'ledger.3.v1' },
          before: groupSeen.hasta,
          limit: 100,
          expected: 2,
        },
      },
    },
  ])
})

test('another size than the person saw is 409 with both sizes, and a silent ledger 503', async () => {
  edge.fakes.settled = { code: 'SIZE_DIFFERS', detail: '3 wait', waiting: 3 }
  const changed = await settle('reenviar')
  expect([changed.status, changed.body['code'], changed.body['campo']]).toEqual([
    409,
    'QUARANTINE_CHANGED',
    'cantidad',
  ])
  expect(changed.body['message']).toContain('esperan 3 mensajes, y usted vio 2')
  edge.fakes.isLedgerDown = true
  const silent = await settle('descartar')
  expect([silent.status, silent.headers.get('retry-after')]).toEqual([503, '2'])
})

test.each([
  { causa: 'OTRA' },
  { tipo_mensaje: 'a\tb' },
  { cantidad: 0 },
  { cantidad: 1.5 },
  { hasta: 'ayer' },
  { nota: 'no' },
  { nota: undefined },
  { todas: true },
])('a body with %j does nothing', async (changes) => {
  const { status } = await settle('descartar', changes)
  expect([status, edge.fakes.settledBy]).toEqual([400, []])
})
