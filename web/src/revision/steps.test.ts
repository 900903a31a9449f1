import { expect, test } from '@jest/globals'
import { answerOf, stepsOf, type Attempt } from './steps.ts'

const attempt: Attempt = {
  intento: 1,
  inicio: '2026-11-28T10:00:01.000Z',
  fin: '2026-11-28T10:00:02.000Z',
  fila: 9,
  observado: '502 unknown',
  http: 502,
  estado_operador: null,
  codigo_resultado: 'E17',
}
const sale = { fecha_hora: '2026-11-28T10:00:00.000Z', intentos: [attempt] }

test('a sale’s history is its timeline', () => {
  const historia = [{ fecha: 'x', paso: 'RESERVADA' as const, usuario: 2 }]
  expect(stepsOf({ ...sale, historia })).toEqual(historia)
})

test('without a history the request and the attempts are the timeline', () => {
  expect(stepsOf(sale).map(({ paso, intento }) => [paso, intento?.intento])).toEqual([
    ['SOLICITADA', undefined],
    ['INTENTO', 1],
  ])
})

test('the carrier’s answer names each status and code once', () => {
  expect(answerOf(attempt)).toBe('502 unknown · E17')
  expect(answerOf({ ...attempt, observado: 'time-out after 8000 ms', http: null })).toBe(
    'time-out after 8000 ms · E17',
  )
})
