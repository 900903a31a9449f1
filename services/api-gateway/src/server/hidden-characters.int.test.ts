import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { sentenceOf } from '../api/field-labels.ts'
import { asAdministrator, startEdge } from '../testing/edge.ts'
import { operationId } from '../testing/samples.ts'

let edge: Awaited<ReturnType<typeof startEdge>>
beforeAll(async () => {
  edge = await startEdge()
})
afterAll(() => edge.close())
beforeEach(() => {
  edge.published.length = 0
})

describe('a text with characters that no reader sees', () => {
  const hidden = [
    ['an escape', '\u001b[2J'],
    ['a vertical tab', '\v'],
    ['a next line', '\u0085'],
    ['a right-to-left override', '\u202e'],
    ['a left-to-right mark', '\u200e'],
    ['an isolate', '\u2066'],
  ] as const
  const texts = [
    [
      'motivo',
      (text: string) =>
        edge.post('/cajas/movimiento', {
          tipo: 'EGRESO',
          monto: 5,
          motivo: text,
          id_sesion_caja: 1,
        }),
    ],
    [
      'nombre',
      (text: string) =>
        edge.post(
          '/cajas',
          { nombre: `Caja ${text}`, especialidad: 'MIXTA', saldo: 1 },
          asAdministrator,
        ),
    ],
    [
      'nombre',
      (text: string) => edge.send('PATCH', '/cajas/1', { nombre: text + 'Caja' }, asAdministrator),
    ],
    [
      'evidencia',
      (text: string) =>
        edge.post(
          `/recargas/cliente/${operationId}/resolver`,
          { resultado: 'RECHAZADA', evidencia: text, nota: 'no' },
          asAdministrator,
        ),
    ],
    [
      'nota',
      (text: string) =>
        edge.post(
          `/recargas/cliente/${operationId}/resolver`,
          { resultado: 'RECHAZADA', evidencia: 'no', nota: text },
          asAdministrator,
        ),
    ],
    [
      'observaciones',
      (text: string) =>
        edge.send('PATCH', '/cajas/sesion/1/cerrar', {
          monto_final_real: 1,
          observaciones: text,
        }),
    ],
  ] as const

  test.each(
    texts.flatMap(([field, send]) =>
      hidden.map(([name, text]) => [field, name, send, text] as const),
    ),
  )('is refused in %s: %s', async (field, _, send, text) => {
    expect(await send(`a${text}b`)).toMatchObject({
      status: 400,
      body: {
        code: 'FIELD_INVALID',
        campo: field,
        message: [sentenceOf(field, 'tiene caracteres que no se admiten')],
      },
    })
    expect(edge.published).toEqual([])
  })

  test.each(['dos\nlíneas', 'dos\r\nlíneas', 'una\ttabulación'])(
    'is none that people write in a reason: %j; a name has one line',
    async (text) => {
      const movement = { tipo: 'EGRESO', monto: 5, motivo: text, id_sesion_caja: 1 }
      edge.fakes.limits.notAcceptedAfterMs = 20
      await edge.post('/cajas/movimiento', movement)
      expect(edge.published.map(({ command: { data } }) => data)).toMatchObject([{ reason: text }])
      edge.published.length = 0
      const caja = { nombre: `Caja ${text}`, especialidad: 'MIXTA', saldo: 1 }
      expect(await edge.post('/cajas', caja, asAdministrator)).toMatchObject({
        status: 400,
        body: { campo: 'nombre' },
      })
      const query = new URLSearchParams({ id_user_update: text })
      expect(
        await edge.send('DELETE', `/cajas/1?${query.toString()}`, undefined, asAdministrator),
      ).toMatchObject({ status: 400, body: { campo: 'id_user_update' } })
      expect(edge.published).toEqual([])
    },
  )
})
