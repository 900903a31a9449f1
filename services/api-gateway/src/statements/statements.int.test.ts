import { setTimeout } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { money, ShopDay, type ShiftReport } from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import { aSession, operationId, tigo } from '../testing/samples.ts'
import { anEntry, noStatements } from '../testing/statements.ts'
import { aToken } from '../testing/token.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterEach(() => {
  Object.assign(edge.fakes, { ...noStatements(), session: null, isLedgerDown: false })
})
afterAll(() => edge.close())

const aPage = (next: string | null = null, entries = [anEntry()]) => ({
  currency: 'BOB' as const,
  entries,
  next,
})
const csv = { ...asAdministrator, accept: 'text/csv' }
const another = { authorization: `Bearer ${aToken({ sub: 9 })}` }

/** Until a number has stayed the same through ten looks; at most a thousand. */
const steady = async (value: () => number): Promise<void> => {
  let [last, looks] = [value(), 0]
  for (let look = 0; look < 1_000 && looks < 10; look += 1) {
    await setTimeout(20)
    looks = value() === last ? looks + 1 : 0
    last = value()
  }
}

describe('the statement of a float', () => {
  const path = '/operadoras/Tigo/extracto'

  it('is a page in the words and decimals of the POS', async () => {
    edge.fakes.statements = [aPage('k-5')]
    const answer = await edge.get(`${path}?desde=2026-01-05&limit=1`, asAdministrator)
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        moneda: 'BOB',
        saldo_inicial: '100.00',
        movimientos: [
          {
            fecha: '2026-01-05T12:00:01.000Z',
            tipo: 'VENTA',
            referencia: 7,
            id_transaccion: operationId,
            operadora: 'Tigo',
            entrada: '0.00',
            salida: '10.50',
            saldo: '89.50',
            saldo_reservado: '20.00',
            disponible: '69.50',
          },
        ],
        cursor_siguiente: 'k-5',
      },
    ])
    expect(answer.headers.get('link')).toBe(
      `<${path}?desde=2026-01-05&limit=1&cursor=k-5>; rel="next"`,
    )
    expect(edge.fakes.statementQueries).toEqual([{ limit: 1, from: '2026-01-05T04:00:00.000Z' }])
  })

  it('is streamed as CSV, page after page', async () => {
    edge.fakes.statements = [aPage('k-5'), aPage(null, [anEntry({ seq: 6, number: 8 })])]
    const answer = await edge.get(path, csv)
    expect(answer.headers.get('content-type')).toMatch(/^text\/csv; charset=utf-8/)
    expect(answer.headers.get('content-disposition')).toContain('extracto-Tigo.csv')
    expect(answer.text.replace('\uFEFF', '').split('\r\n')).toEqual([
      'fecha,tipo,referencia,id_transaccion,operadora,entrada,salida,saldo,saldo_reservado,disponible,fecha_local',
      `2026-01-05T12:00:01.000Z,VENTA,7,${operationId},Tigo,0.00,10.50,89.50,20.00,69.50,2026-01-05 08:00:01`,
      `2026-01-05T12:00:01.000Z,VENTA,8,${operationId},Tigo,0.00,10.50,89.50,20.00,69.50,2026-01-05 08:00:01`,
      '',
    ])
    expect(edge.fakes.statementQueries.map(({ cursor }) => cursor)).toEqual([undefined, 'k-5'])
  })

  it('is never a part taken for the whole: a ledger lost midway cuts the answer off', async () => {
    edge.fakes.statements = [aPage('k-5'), new Problem('LEDGER_UNAVAILABLE')]
    await expect(edge.get(path, csv)).rejects.toThrow()
    edge.fakes.isLedgerDown = true
    expect(await edge.get(path, csv)).toMatchObject({ status: 503 })
  })

  it('has the days of the shop, the last one of a period included', async () => {
    edge.fakes.statements = [aPage(), aPage(), aPage()]
    const bogota = {
      authorization: `Bearer ${aToken({ merchant: 'bogota', roleName: 'Administrador' })}`,
    }
    await edge.get(`${path}?desde=2026-11-28&hasta=2026-11-28`, asAdministrator)
    await edge.get(`${path}?desde=2026-11-28&hasta=2026-11-28`, { ...bogota, accept: 'text/csv' })
    await edge.get(`${path}?hasta=9999-12-31`, asAdministrator)
    expect(edge.fakes.statementQueries).toEqual([
      { limit: 500, from: '2026-11-28T04:00:00.000Z', to: '2026-11-29T04:00:00.000Z' },
      { limit: 500, from: '2026-11-28T05:00:00.000Z', to: '2026-11-29T05:00:00.000Z' },
      { limit: 500, to: '9999-12-31T23:59:59.999Z' },
    ])
    edge.fakes.balance = {
      currency: 'BOB',
      at: '2026-11-28T04:00:00.000Z',
      posted: 0,
      reserved: 0,
      incoming: 0,
    }
    await edge.get(`${path}?en=2026-11-28`, asAdministrator)
    expect(edge.fakes.balancesAt).toEqual(['2026-11-28T04:00:00.000Z'])
  })

  it('is read no further than its reader takes it, and not at all after he has left', async () => {
    const page = aPage(
      'k-5',
      Array.from({ length: 500 }, () => anEntry({ reason: 'x'.repeat(480) })),
    )
    edge.fakes.session = aSession()
    edge.fakes.statements = Array.from({ length: 200 }, () => page)
    const asked = () => edge.fakes.statementQueries.length
    const leaving = new AbortController()
    const { body } = await fetch(`${edge.url}/cajas/sesion/1/extracto`, {
      headers: csv,
      signal: leaving.signal,
    })
    await body?.getReader().read()
    // The system's own buffers take some pages before the reader's pause is felt.
    await steady(asked)
    const before = asked()
    expect(before).toBeLessThan(200)
    leaving.abort()
    await edge.get(`${path}?limit=1`, asAdministrator)
    await steady(asked)
    expect(asked()).toBeLessThanOrEqual(before + 2)
  })

  it('gives the balance at an instant', async () => {
    edge.fakes.balance = {
      currency: 'BOB',
      at: '2026-01-05T12:00:00.000Z',
      posted: 10_000,
      reserved: 1_050,
      incoming: 0,
    }
    const answer = await edge.get(`${path}?en=2026-01-05T08:00:00-04:00`, asAdministrator)
    expect(answer.body).toEqual({
      en: '2026-01-05T12:00:00.000Z',
      moneda: 'BOB',
      saldo: '100.00',
      saldo_reservado: '10.50',
      disponible: '89.50',
      pendiente: '0.00',
    })
    expect(edge.fakes.balancesAt).toEqual(['2026-01-05T12:00:00.000Z'])
  })

  it('is an Administrador’s alone', async () => {
    expect(await edge.get(path)).toMatchObject({ status: 403, body: { code: 'FORBIDDEN' } })
  })

  it('does not exist for an operator without a float', async () => {
    for (const name of ['Viva', '%3Cb%3E']) {
      expect(await edge.get(`/operadoras/${name}/extracto`, asAdministrator)).toMatchObject({
        status: 404,
        body: { code: 'OPERATOR_NOT_REGISTERED' },
      })
    }
  })

  it.each([
    ['limit=501', 'limit'],
    ['limit=0', 'limit'],
    ['cursor=7', 'cursor'],
    ['desde=ayer', 'desde'],
    ['en=2026-01-05&limit=2', 'en'],
    ['en=9999-99-99', 'en'],
    ['desde=2026-11-29&hasta=2026-11-28', 'desde'],
    ['hasta=2026-11-31', 'hasta'],
    ['pagina=2', 'pagina'],
  ])('refuses ?%s', async (query, campo) => {
    expect(await edge.get(`${path}?${query}`, asAdministrator)).toMatchObject({
      status: 400,
      body: { code: 'QUERY_INVALID', campo },
    })
    expect(edge.fakes.statementQueries).toEqual([])
  })
})

describe('the statement of a session', () => {
  const path = '/cajas/sesion/1/extracto'
  const lateSale = anEntry({
    kind: 'late-sale',
    originSessionId: 4,
    change: { posted: 1_050, reserved: 0, incoming: -1_050 },
    after: { posted: 51_050, reserved: 0, incoming: 300 },
  })

  it('names the origin of an earlier session’s sale', async () => {
    edge.fakes.session = aSession()
    edge.fakes.statements = [aPage(null, [lateSale])]
    expect((await edge.get(path)).body).toMatchObject({
      saldo_inicial: '500.00',
      movimientos: [
        {
          tipo: 'INGRESO',
          id_sesion_origen: 4,
          entrada: '10.50',
          salida: '0.00',
          pendiente: '3.00',
        },
      ],
      cursor_siguiente: null,
    })
  })

  it('gives a spreadsheet no formula that a cashier wrote', async () => {
    edge.fakes.session = aSession()
    const moved = anEntry({ kind: 'cash-in', operator: null, reason: '=HYPERLINK("http://x","a")' })
    edge.fakes.statements = [aPage(null, [moved])]
    const { text } = await edge.get(path, csv)
    expect(text).toContain(`,"'=HYPERLINK(""http://x"",""a"")",`)
  })

  it.each(['extracto', 'arqueo'])(
    'is seen by its own cashier and by an Administrador only: %s',
    async (what) => {
      edge.fakes.session = aSession()
      expect(await edge.get(`/cajas/sesion/1/${what}`, another)).toMatchObject({
        status: 403,
        body: { code: 'SESSION_OF_ANOTHER' },
      })
      edge.fakes.session = null
      for (const id of ['1', 'x']) {
        expect(await edge.get(`/cajas/sesion/${id}/${what}`, asAdministrator)).toMatchObject({
          status: 404,
          body: { code: 'SESSION_NOT_FOUND' },
        })
      }
    },
  )
})

describe('the arqueo', () => {
  const report: ShiftReport = {
    session: aSession({
      state: 'closed',
      closedAt: '2026-01-06T20:00:00.000Z',
      closedDay: ShopDay.parse('2026-01-06'),
      income: money(2_700),
      outgo: money(10_000),
      pending: money(2_000),
      pendingEarlier: money(500),
      expected: 42_700,
      counted: money(45_100),
      difference: -100,
    }),
    totals: [
      { kind: 'sale-before', operator: tigo, count: 1, amount: 1_050 },
      { kind: 'sale', operator: tigo, count: 2, amount: 2_100 },
      { kind: 'injection', operator: tigo, count: 1, amount: -10_000 },
      { kind: 'cash-in', operator: null, count: 2, amount: 600 },
      { kind: 'pending', operator: tigo, count: 1, amount: 2_000 },
    ],
    pending: money(2_000),
    expected: 42_700,
    broughtForward: 48_950,
    atOpening: null,
    atClosing: { operationId, at: '2026-01-05T20:00:00.000Z', amount: -100 },
  }

  it('compares the count with the expected cash, pending cash apart', async () => {
    edge.fakes.session = aSession()
    edge.fakes.report = report
    const { status, body } = await edge.get('/cajas/sesion/1/arqueo')
    expect(status).toBe(200)
    const ofTigo = (cantidad: number, monto: string) => ({
      cantidad,
      monto,
      por_operadora: [{ operadora: 'Tigo', cantidad, monto }],
    })
    const none = { cantidad: 0, monto: '0.00' }
    expect(body).toMatchObject({
      sesion: { id: 1, estado_sesion: 'CERRADA' },
      dia_apertura: '2026-01-05',
      dia_cierre: '2026-01-06',
      apertura: '500.00',
      ventas: ofTigo(2, '21.00'),
      ventas_de_sesiones_anteriores: { ...none, por_operadora: [] },
      inyecciones: ofTigo(1, '100.00'),
      ingresos: { cantidad: 2, monto: '6.00' },
      egresos: none,
      correcciones: { entradas: none, salidas: none },
      pendientes: ofTigo(1, '20.00'),
      esperado: '427.00',
      contado: '451.00',
      diferencia: '-1.00',
      cuadre: {
        esperado: 427,
        pendiente_sesion: 20,
        pendiente_anteriores: 5,
        contado: 451,
        diferencia: -1,
      },
      detalle_apertura: {
        saldo_anterior: 489.5,
        saldo_de_alta: 0,
        ventas_entre_sesiones: 10.5,
        correcciones_entre_sesiones: 0,
        conteo_de_apertura: 0,
      },
      faltante_arrastrado: 0,
      asiento_diferencia: { id_transaccion: operationId, monto: '-1.00' },
      asiento_apertura: null,
    })
  })
})
