import { describe, expect, test } from '@jest/globals'
import { asFailure } from '../api/answer.ts'
import type { Shown } from '../api/resource.ts'
import type { Bundle, Operator } from './reads.ts'
import { whyUnsellable } from './why-unsellable.ts'

type ShownBundles = Shown<readonly Bundle[]>

const operatorOf = (disponible: boolean, motivo: string | null) =>
  ({
    nombre: 'Tigo',
    disponible: true,
    motivo: null,
    paquetes: { disponible, motivo },
  }) as Operator
const tigo = operatorOf(true, null)
const loading: ShownBundles = { state: 'loading' }
const failed: ShownBundles = { state: 'failed', failure: asFailure(new TypeError()) }
const read: ShownBundles = { state: 'shown', value: [], at: 0, failure: null }

describe('the goods of an operator', () => {
  test.each([
    [loading, 'Cargando…'],
    [failed, 'El sistema no respondió.'],
    [read, null],
  ])('that are a package wait for its list', (bundles, why) => {
    expect(whyUnsellable(tigo, true, bundles)).toBe(why)
  })

  test.each([loading, failed, read])('that are a plain top-up need no list', (bundles) => {
    expect(whyUnsellable(tigo, false, bundles)).toBeNull()
  })

  test('are stopped with the reason of the operator, whatever was read', () => {
    const stopped = operatorOf(false, 'Sin saldo.')
    expect(whyUnsellable(stopped, true, loading)).toBe('Tigo: Sin saldo.')
    expect(whyUnsellable(stopped, false, loading)).toBeNull()
    const closed = { ...tigo, disponible: false, motivo: null }
    expect(whyUnsellable(closed, false, read)).toBe('Tigo: ')
  })
})
