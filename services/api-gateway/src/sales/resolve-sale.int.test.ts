import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import {
  fingerprintOf,
  OperatorName,
  type OperationResult,
  type TopupView,
} from '@recargas/contracts'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import {
  aCarrierStates,
  aDecision,
  appliedEvent,
  aTopup,
  aTopupInReview,
  operationId,
  refusedEvent,
  settledEvent,
} from '../testing/samples.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
const path = '/recargas/cliente/7/resolver'
const entel = OperatorName.parse('Entel')
const decision = { resultado: 'RECHAZADA', evidencia: ' ticket 4711 ', nota: 'no la recibió' }

beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  edge.published.length = 0
  Object.assign(edge.fakes, {
    isLedgerDown: false,
    topup: aTopupInReview(),
    fingerprint: null,
    cases: [],
    closings: [],
    asked: null,
    carriers: null,
    ledger: () => null,
  })
})

type State = Extract<OperationResult, { kind: 'resolution' }>['state']
/** The ledger keeps the decision; the sale then reads as given. */
const keeps = (state: State, after: TopupView | null) => {
  edge.fakes.ledger = (serialized) => {
    edge.fakes.topup = after
    return appliedEvent(serialized, Date.now(), { kind: 'resolution', topupId: operationId, state })
  }
}
const resolve = (headers: Record<string, string> = {}) =>
  edge.post(path, decision, { ...asAdministrator, ...headers })

describe('a decision', () => {
  const final = aDecision({ isFinal: true, confirmedBy: '8' })

  test('goes out as one command that names the sale, whichever id the path used', async () => {
    keeps('awaiting-second-person', aTopupInReview({ decision: aDecision() }))
    await resolve()
    await edge.post(`/recargas/cliente/${operationId}/resolver`, decision, asAdministrator)
    expect(edge.published.map(({ command }) => command.data)).toMatchObject([
      {
        topupId: operationId,
        result: 'rejected',
        evidence: 'ticket 4711',
        note: 'no la recibió',
        fourEyes: true,
        actor: { userId: '1', role: 'Administrador' },
      },
      { topupId: operationId },
    ])
    expect(edge.published[0]?.operationId).not.toBe(operationId)
  })

  test('that needs a second person is 202 and shows itself', async () => {
    keeps('awaiting-second-person', aTopupInReview({ decision: aDecision() }))
    const answer = await resolve()
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`/recargas/cliente/${operationId}`)
    expect(answer.body).toMatchObject({
      estado: 'EN_REVISION',
      decision: { resultado: 'RECHAZADA', usuario: 1, confirmado_por: null, definitiva: false },
      message: expect.stringContaining('otro administrador'),
    })
  })

  test('that counts is held until the sale is released by it', async () => {
    keeps('closing', aTopupInReview({ decision: final }))
    const { ledger } = edge.fakes
    edge.fakes.ledger = (serialized) => {
      setTimeout(() => {
        edge.fakes.topup = aTopupInReview({
          state: 'released',
          releaseReason: 'RESOLVED_AS_REJECTED',
          decision: final,
        })
      }, 60)
      return ledger(serialized)
    }
    const answer = await resolve()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      estado: 'RECHAZADA',
      codigo: 'RESOLVED_AS_REJECTED',
      motivo: expect.stringContaining('administrador'),
      decision: { confirmado_por: 8 },
    })
  })

  test('gives way to the carrier’s proof, and the answer has the final state', async () => {
    keeps('closing', aTopupInReview({ state: 'committed', decision: final }))
    const answer = await resolve()
    expect(answer.status).toBe(200)
    expect(answer.body).toMatchObject({
      estado: 'AUTORIZADA',
      decision: { resultado: 'RECHAZADA' },
    })
  })

  test('on a sale that does not close in time is 202 with where to ask', async () => {
    keeps('closing', aTopupInReview({ decision: final }))
    const answer = await resolve()
    expect(answer.status).toBe(202)
    expect(answer.headers.get('location')).toBe(`/recargas/cliente/${operationId}`)
    expect(answer.headers.get('retry-after')).toBe('3')
    expect(answer.body).toMatchObject({
      estado: 'EN_REVISION',
      decision: { definitiva: true },
      message: expect.stringContaining('se está cerrando'),
    })
  })

  test('is not waited for when the caller prefers no wait', async () => {
    keeps('closing', aTopupInReview({ decision: final }))
    const answer = await resolve({ prefer: 'wait=0' })
    expect(answer.status).toBe(202)
    expect(answer.headers.get('preference-applied')).toBe('wait=0')
  })

  test('that is recorded is answered even when the sale can no longer be read', async () => {
    keeps('closing', null)
    const ledger = edge.fakes.ledger
    edge.fakes.ledger = (serialized) => {
      edge.fakes.isLedgerDown = true
      return ledger(serialized)
    }
    const answer = await resolve()
    expect(answer.status).toBe(202)
    expect(answer.body).toMatchObject({ estado: 'EN_REVISION', id: 7 })
    // A decision that was not read is left out.
    expect(answer.body).not.toHaveProperty('decision')
  })

  test('without an outcome refers the caller to the sale', async () => {
    edge.fakes.ledger = () => {
      edge.fakes.isLedgerDown = true
      return null
    }
    const answer = await resolve()
    expect([answer.status, answer.body['code']]).toEqual([503, 'OUTCOME_UNKNOWN'])
    expect(answer.headers.get('location')).toBe(`/recargas/cliente/${operationId}`)
  })

  test('is one operation however often its key is pressed', async () => {
    keeps('awaiting-second-person', aTopupInReview({ decision: aDecision() }))
    await resolve({ 'idempotency-key': 'd-1' })
    await resolve({ 'idempotency-key': 'd-1' })
    const [first, second] = edge.published
    expect(second?.operationId).toBe(first?.operationId)
    expect(first?.command.data.keyed).toBe(true)
  })

  test('does not start while the ledger cannot be read', async () => {
    edge.fakes.isLedgerDown = true
    const answer = await resolve()
    expect([answer.status, answer.body['code']]).toEqual([503, 'LEDGER_UNAVAILABLE'])
    expect(edge.published).toEqual([])
  })

  test.each([
    ['TOPUP_UNKNOWN', { topupId: operationId }, 404, 'no existe'],
    ['TOPUP_NOT_IN_REVIEW', { id: 7, state: 'committed' }, 409, 'su estado es AUTORIZADA'],
    ['TOPUP_NOT_IN_REVIEW', { id: 7, state: 'closing' }, 409, 'se está cerrando'],
    ['DECISION_NEEDS_ANOTHER_PERSON', { by: '1' }, 403, 'otro administrador'],
    ['DECISION_DIFFERS', { by: '8', result: 'authorized' }, 409, '8 propuso AUTORIZADA'],
  ] as const)('refused as %s %j is %d', async (code, details, status, sentence) => {
    edge.fakes.ledger = (serialized) => refusedEvent(serialized, Date.now(), { code, details })
    const answer = await resolve()
    expect([answer.status, answer.body['code']]).toEqual([status, code])
    expect(answer.body['message']).toContain(sentence)
  })
})

describe('sales and cases in review', () => {
  test('is listed with its calls, decision and history; a full page names the next', async () => {
    edge.fakes.topup = aTopupInReview({ decision: aDecision() })
    const answer = await edge.get('/recargas/revision?limit=1&cursor=5', asAdministrator)
    expect(JSON.parse(answer.text)).toMatchObject([
      {
        id: 7,
        estado: 'EN_REVISION',
        intentos: [{ fila: 9, observado: 'timeout' }],
        decision: { evidencia: 'ticket 4711' },
        historia: [{ paso: 'SOLICITADA' }, { paso: 'EN_REVISION' }],
      },
    ])
    expect(edge.fakes.asked).toEqual({ limit: 1, cursor: 5 })
    expect(answer.headers.get('link')).toBe('</recargas/revision?limit=1&cursor=7>; rel="next"')
  })

  test('has no next page once a page is not full', async () => {
    const answer = await edge.get('/recargas/revision', asAdministrator)
    expect(answer.headers.get('link')).toBeNull()
    expect(edge.fakes.asked).toEqual({ limit: 100 })
  })

  test('are the discrepancies too, whose pages are counted', async () => {
    const openedAt = '2026-01-05T14:00:00.000Z'
    const topup = aTopup()
    edge.fakes.cases = [
      {
        id: 'case-1',
        kind: 'authorized-after-release',
        currency: 'BOB',
        amount: topup.amount,
        topup,
        mismatch: null,
        openedAt,
        closing: { by: 'Ana Rojas', reason: 'el proveedor lo devolvió', at: openedAt },
      },
    ]
    const answer = await edge.get('/incidencias?limit=1&cursor=2', asAdministrator)
    expect(JSON.parse(answer.text)).toMatchObject([
      {
        id: 'case-1',
        tipo: 'AUTORIZADA_TRAS_LIBERAR',
        monto: 10.5,
        fecha: openedAt,
        recarga: { id: 7 },
        cierre: { por: 'Ana Rojas', fecha: openedAt, motivo: 'el proveedor lo devolvió' },
      },
    ])
    expect(answer.headers.get('link')).toBe('</incidencias?limit=1&cursor=3>; rel="next"')
  })

  test('is closed by an Administrador with a note, once', async () => {
    const at = '2026-01-05T14:00:00.000Z'
    const closing = { by: 'eva (1)', reason: 'el proveedor lo devolvió', at }
    edge.fakes.cases = [
      {
        id: 'r:carrier-balance-differs',
        kind: 'carrier-balance-differs',
        currency: 'BOB',
        amount: null,
        topup: null,
        mismatch: { carrierAmount: -700, from: at, to: at, likely: [] },
        openedAt: at,
        closing,
      },
    ]
    const path = '/incidencias/r:carrier-balance-differs/cerrar'
    const closed = await edge.post(path, { nota: closing.reason }, asAdministrator)
    expect([closed.status, closed.body['cierre']]).toEqual([
      200,
      { por: closing.by, fecha: at, motivo: closing.reason },
    ])
    expect(edge.fakes.closings).toMatchObject([
      { id: 'r:carrier-balance-differs', reason: closing.reason, merchant: 'principal' },
    ])
    expect(edge.fakes.closings[0]?.by).toMatch(/\(1\)$/)
    const other = await edge.post(path, { nota: 'otra palabra' }, asAdministrator)
    expect([other.status, other.body['code']]).toEqual([409, 'CASE_CLOSED'])
    const unknown = await edge.post('/incidencias/x/cerrar', { nota: 'no existe' }, asAdministrator)
    expect([unknown.status, unknown.body['code']]).toEqual([404, 'CASE_NOT_FOUND'])
    const silent = await edge.post(path, { nota: ' ' }, asAdministrator)
    expect([silent.status, silent.body['campo']]).toEqual([400, 'nota'])
    expect((await edge.post(path, { nota: closing.reason })).status).toBe(403)
    expect(edge.fakes.closings).toHaveLength(3)
  })

  test('is seen at the sale by an Administrador, not by an Operador', async () => {
    edge.fakes.topup = aTopupInReview({ decision: aDecision() })
    expect((await edge.get('/recargas/cliente/7', asAdministrator)).body).toMatchObject({
      intentos: [{ fila: 9 }],
      decision: { usuario: 1 },
      historia: [{ usuario: 2 }, {}],
    })
    const seen = (await edge.get('/recargas/cliente/7')).body
    expect(seen['estado']).toBe('EN_REVISION')
    for (const member of ['intentos', 'decision', 'historia']) {
      expect(seen).not.toHaveProperty(member)
    }
  })
})

describe('an operator the carrier does not offer', () => {
  const sale = { operadora: 'Entel', numero_cliente: '78945612', monto: 10.5, id_caja_sesion: 1 }
  const offersTigo = aCarrierStates({ offered: ['tigo'] })
  beforeEach(() => {
    edge.fakes.carriers = offersTigo
    edge.fakes.topup = null
  })

  test('is shown as not available, the others as they are', async () => {
    expect(JSON.parse((await edge.get('/operadoras')).text)).toMatchObject([
      { nombre: 'Tigo', disponible: true, motivo: null },
      { nombre: 'Entel', disponible: false, motivo: expect.stringContaining('no ofrece') },
    ])
  })

  test('is refused before anything is published', async () => {
    const answer = await edge.post('/recargas/cliente', sale)
    expect([answer.status, answer.body['code']]).toEqual([409, 'OPERATOR_NOT_OFFERED'])
    expect(answer.body).toMatchObject({ campo: 'operadora' })
    expect(edge.published).toEqual([])
  })

  test('is refused under a key by the ledger, which keeps it for every other press', async () => {
    const refusal = { code: 'OPERATOR_NOT_OFFERED', details: { operator: 'Entel' } } as const
    edge.fakes.ledger = (serialized) => refusedEvent(serialized, Date.now(), refusal)
    const answer = await edge.post('/recargas/cliente', sale, { 'idempotency-key': 'k-1' })
    expect([answer.status, answer.body['code']]).toEqual([409, 'OPERATOR_NOT_OFFERED'])
    expect(answer.body).toMatchObject({ campo: 'operadora' })
    expect(edge.published).toMatchObject([{ command: { data: { refusal } } }])
  })

  test('does not hide the outcome of an earlier press of the same key', async () => {
    edge.fakes.topup = aTopup({ operator: entel })
    const answer = await edge.post('/recargas/cliente', sale, { 'idempotency-key': 'k-1' })
    expect(answer.status).toBe(201)
  })

  test('is not found in a package that this key bought, of the same price', async () => {
    const bundle = { provider: '3', code: '024', name: '200 minutos' }
    edge.fakes.topup = aTopup({ operator: entel, bundle })
    edge.fakes.fingerprint = fingerprintOf({
      kind: 'RequestBundle',
      operator: 'Entel',
      code: bundle.code,
      number: '78945612',
      sessionId: 1,
      seenPrice: 10.5,
    })
    const answer = await edge.post('/recargas/cliente', sale, { 'idempotency-key': 'k-1' })
    expect([answer.status, answer.body['code']]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED'])
  })

  test('is sold while the carrier’s list is unknown', async () => {
    edge.fakes.carriers = aCarrierStates({ offered: null })
    edge.fakes.ledger = (serialized) => settledEvent(serialized, Date.now())
    expect((await edge.post('/recargas/cliente', sale)).status).toBe(201)
  })
})
