import { expect, test } from '@jest/globals'
import { screenAt, type Screen } from './screen.ts'

const screen = (path: string, more: Partial<Screen> = {}): Screen => ({
  path,
  title: () => path,
  roles: ['Administrador'],
  Content: () => null,
  ...more,
})
const screens = [
  screen('vender', { roles: ['Operador', 'Administrador'] }),
  screen('hoy'),
  screen('operacion', { scope: 'operacion' }),
]
const offeredTo = (role: 'Operador' | 'Administrador', scopes: readonly string[]) =>
  screenAt(screens, '', { role, scopes }).offered.map(({ path }) => path)

test('a screen is offered to its roles, and with a scope to those whose token has it', () => {
  expect(offeredTo('Operador', ['operacion'])).toEqual(['vender'])
  expect(offeredTo('Administrador', ['openid'])).toEqual(['vender', 'hoy'])
  expect(offeredTo('Administrador', ['openid', 'operacion'])).toEqual([
    'vender',
    'hoy',
    'operacion',
  ])
})

test('a further part of the path is of the same screen; an unknown one, or one that is not offered, is the first', () => {
  const shownAt = (path: string, scopes: readonly string[]) =>
    screenAt(screens, path, { role: 'Administrador', scopes }).shown?.path
  expect(shownAt('operacion/pared', ['operacion'])).toBe('operacion')
  expect(shownAt('operacion/pared', [])).toBe('vender')
  expect(shownAt('nothing', [])).toBe('vender')
})
