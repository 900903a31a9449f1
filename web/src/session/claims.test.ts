import { describe, expect, test } from '@jest/globals'
import { ownerOf, readToken } from './claims.ts'

const tokenWith = (claims: unknown): string =>
  `header.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.signature`

describe('a token', () => {
  test('names its person, role and shop, in any letters', () => {
    const token = tokenWith({ sub: 2, username: 'José ñ', roleName: 'Operador', merchant: 'm' })
    const person = readToken(token)
    expect(person).toEqual({
      token,
      userId: '2',
      name: 'José ñ',
      role: 'Operador',
      merchant: 'm',
      scopes: [],
    })
    expect(person === null ? '' : ownerOf(person)).toBe('m/2')
  })

  test.each([
    ['openid operacion', ['openid', 'operacion']],
    [['operacion', 7], ['operacion']],
    [7, []],
  ])('of the scope %j has %j', (scope, scopes) => {
    expect(readToken(tokenWith({ sub: 1, roleName: 'Administrador', scope }))).toMatchObject({
      scopes,
    })
  })

  test('without a name or a shop is of the user’s id and the default shop', () => {
    const token = tokenWith({ sub: 'ana', roleName: 'Administrador' })
    expect(readToken(token)).toMatchObject({ name: 'ana', merchant: null })
  })

  test.each([
    '',
    'a.b',
    'a.b.c.d',
    'a.%%%.c',
    'a.e30.c',
    tokenWith(null),
    tokenWith([1]),
    tokenWith({ sub: 2, roleName: 'Root' }),
    tokenWith({ roleName: 'Operador' }),
  ])('%j is none', (text) => {
    expect(readToken(text)).toBeNull()
  })

  test.each([
    [{ sub: '7', rol: 'admin' }, 'Administrador'],
    [{ sub: '7', roleId: 2 }, 'Operador'],
    [{ sub: '7', roleName: 'nobody', roleId: 1 }, undefined],
    [{ sub: '7', roleName: 'constructor' }, undefined],
  ])('names its role as the gateway takes it: %j', (claims, role) => {
    expect(readToken(tokenWith(claims))?.role).toBe(role)
  })

  test('is read by the claims that the gateway is set to', () => {
    const names = {
      subject: ['uid'],
      username: ['preferred_username'],
      role: ['recargas_rol'],
      roleId: [],
      merchant: ['tienda'],
      scope: ['permisos'],
    }
    const claims = {
      uid: 'u1',
      preferred_username: 'Ana',
      recargas_rol: 'Operador',
      tienda: 'm',
      permisos: 'a operacion',
    }
    expect(readToken(tokenWith(claims), names)).toMatchObject({
      userId: 'u1',
      name: 'Ana',
      merchant: 'm',
      scopes: ['a', 'operacion'],
    })
    expect(readToken(tokenWith(claims))).toBeNull()
  })
})
