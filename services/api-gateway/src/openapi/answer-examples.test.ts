import { expect, test } from '@jest/globals'
import { shopDayOf, shopTimeOf } from '@recargas/contracts'
import { answerExamples } from './answer-examples.ts'

type Row = Readonly<Record<string, unknown>>

/** Every object of an example, the outer ones first. */
const objectsOf = (value: unknown): Row[] => {
  if (typeof value !== 'object' || value === null) return []
  const parts = Object.values(value).flatMap(objectsOf)
  return Array.isArray(value) ? parts : [value as Row, ...parts]
}
const everyObject = objectsOf(Object.values(answerExamples))
const withAll = (...names: readonly string[]): Row[] =>
  everyObject.filter((row) => names.every((name) => name in row))

const cents = (amount: unknown): number => Math.round(Number(amount) * 100)
const sumOf = (...amounts: readonly unknown[]): number =>
  amounts.reduce((sum: number, amount) => sum + cents(amount), 0)
const amountOf = (total: unknown): unknown => (total as Row)['monto']
const rowsOf = (value: unknown): readonly Row[] => value as readonly Row[]
const exampleOf = (name: string): Row => answerExamples[`${name} application/json`] as Row

const statements = withAll('saldo_inicial', 'movimientos')

test('each line of a statement follows from the line before it', () => {
  expect(statements).toHaveLength(2)
  for (const { saldo_inicial, movimientos } of statements) {
    let before = cents(saldo_inicial)
    for (const { entrada, salida, saldo, saldo_reservado, disponible } of rowsOf(movimientos)) {
      before += cents(entrada) - cents(salida)
      expect(cents(saldo)).toBe(before)
      if (disponible !== undefined) {
        expect(cents(disponible)).toBe(cents(saldo) - cents(saldo_reservado))
      }
    }
  }
})

test('the line of a sale brings its price in, and the CSV has the same lines with the shop’s own time', () => {
  const lines = statements.flatMap(({ movimientos }) => rowsOf(movimientos))
  const prices = new Map(
    withAll('numero_cliente', 'id_transaccion', 'monto').map((sale) => [
      sale['id_transaccion'],
      cents(sale['monto']),
    ]),
  )
  const sold = lines.filter(({ tipo }) => tipo === 'VENTA')
  expect(sold).toHaveLength(6)
  for (const line of sold) {
    expect(sumOf(line['entrada'], line['salida'])).toBe(prices.get(line['id_transaccion']))
  }
  const csv = Object.entries(answerExamples).filter(([name]) =>
    name.endsWith('extracto 200 text/csv'),
  )
  expect(csv.flatMap(([, text]) => String(text).trimEnd().split('\r\n').slice(1)).sort()).toEqual(
    lines
      .map((line) =>
        [
          ...(Object.values(line) as readonly (string | number | null)[]),
          shopTimeOf(Date.parse(String(line['fecha'])), 'America/La_Paz'),
        ]
          .map((cell) => cell ?? '')
          .join(','),
      )
      .sort(),
  )
})

test('a count is the sum of the expected, the pending and the difference', () => {
  const counts = withAll('contado', 'pendiente_sesion')
  expect(counts).toHaveLength(4)
  for (const count of counts) {
    const { esperado, pendiente_sesion, pendiente_anteriores, diferencia } = count
    expect(sumOf(esperado, pendiente_sesion, pendiente_anteriores, diferencia)).toBe(
      cents(count['contado']),
    )
  }
  const closed = withAll('estado_sesion').filter((row) => row['estado_sesion'] === 'CERRADA')
  expect(closed).toHaveLength(9)
  for (const session of closed) {
    const { monto_final_teorico, pendiente, pendiente_anteriores, diferencia } = session
    expect(sumOf(monto_final_teorico, pendiente, pendiente_anteriores, diferencia)).toBe(
      cents(session['monto_final_real']),
    )
  }
})

test('the report adds up to the expected cash, as the statement has it, and its days are the shop’s', () => {
  const report = exampleOf('GET /cajas/sesion/:id/arqueo 200')
  const detail = report['detalle_apertura'] as Row
  expect(sumOf(...Object.values(detail))).toBe(cents(report['apertura']))
  const income = [report['apertura'], amountOf(report['ventas']), amountOf(report['ingresos'])]
  const outgo = [amountOf(report['inyecciones']), amountOf(report['egresos'])]
  expect(sumOf(...income) - sumOf(...outgo)).toBe(cents(report['esperado']))
  const session = report['sesion'] as Row
  for (const [day, instant] of [
    [report['dia_apertura'], session['fecha_apertura']],
    [report['dia_cierre'], session['fecha_cierre']],
  ]) {
    expect(day).toBe(shopDayOf(Date.parse(String(instant)), 'America/La_Paz'))
  }
  const statement = exampleOf('GET /cajas/sesion/:id/extracto 200')
  const lines = rowsOf(statement['movimientos'])
  expect(lines.at(-1)?.['saldo']).toBe(report['contado'])
  expect(lines.at(-1)?.['id_transaccion']).toBe(
    (report['asiento_diferencia'] as Row)['id_transaccion'],
  )
  expect(lines.filter(({ tipo }) => tipo === 'VENTA')).toHaveLength(
    (report['ventas'] as { cantidad: number }).cantidad,
  )
})

test('the history of a sale ends where the sale stands, and names the attempts that it lists', () => {
  const steps: Readonly<Record<string, readonly unknown[]>> = {
    AUTORIZADA: ['AUTORIZADA'],
    RECHAZADA: ['RECHAZADA'],
    EN_REVISION: ['EN_REVISION', 'DECIDIDA'],
    PENDIENTE: ['RESERVADA', 'INTENTO'],
  }
  const documented = withAll('historia')
  expect(documented).toHaveLength(4)
  for (const sale of documented) {
    const history = rowsOf(sale['historia'])
    const times = history.map(({ fecha }) => Date.parse(String(fecha)))
    expect(times).toEqual([...times].sort((one, other) => one - other))
    expect(steps[String(sale['estado'])]).toContain(history.at(-1)?.['paso'])
    expect(history.at(-1)?.['fecha']).toBe(sale['updated_at'])
    expect(history.flatMap(({ intento }) => intento ?? [])).toEqual(sale['intentos'])
  }
})

test('an id is of one thing, which costs the same and is of the same number wherever it is shown', () => {
  const facts = new Map<unknown, Row>()
  for (const row of withAll('id_transaccion')) {
    const number = row['referencia'] === undefined ? row['id'] : row['referencia']
    const fact = {
      ...(number === undefined ? {} : { number }),
      ...(row['numero_cliente'] === undefined ? {} : { to: row['numero_cliente'] }),
      ...(row['referencia'] === undefined && row['id'] !== undefined
        ? { amount: cents(row['monto']) }
        : {}),
    }
    const known = facts.get(row['id_transaccion']) ?? {}
    expect({ ...known, ...fact }).toEqual({ ...fact, ...known })
    facts.set(row['id_transaccion'], { ...known, ...fact })
  }
  // Registration, recharge, injection, three sales, movement, closing and its correction.
  expect(facts.size).toBe(9)
})

test('a sale and an injection of a history come with the session that they name', () => {
  const histories = ['clientes', 'inyecciones'].flatMap((kind) =>
    rowsOf(answerExamples[`GET /recargas/historial/${kind} 200 application/json`]),
  )
  expect(histories).toHaveLength(2)
  for (const { caja_sesion, id_caja_sesion, caja_origen, id_caja_origen } of histories) {
    expect((caja_sesion ?? caja_origen) as Row).toMatchObject({
      id: id_caja_sesion ?? id_caja_origen,
    })
  }
})

test('nothing was changed before it was made', () => {
  for (const { created_at, updated_at } of withAll('created_at', 'updated_at')) {
    expect(Date.parse(String(updated_at))).toBeGreaterThanOrEqual(Date.parse(String(created_at)))
  }
})
