import { afterEach, expect, test } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { mintToken } from './mint-token.ts'

const secret = 'a-secret-of-thirty-two-bytes-or-more'
const environment = process.env['NODE_ENV']

afterEach(() => {
  if (environment === undefined) delete process.env['NODE_ENV']
  else process.env['NODE_ENV'] = environment
})

test('a token names user, role and shop, and ends with the shift', () => {
  const token = mintToken(secret, { userId: 7, role: 'Operador', merchant: 'bogota' })
  const claims = jwt.verify(token, secret, { algorithms: ['HS256'] }) as jwt.JwtPayload
  expect(claims).toMatchObject({ sub: '7', roleName: 'Operador', roleId: 2, merchant: 'bogota' })
  expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBe(8 * 3600)
})

test('an Administrador may look after the installation, a cashier may not', () => {
  const scopeOf = (role: string): unknown =>
    (jwt.decode(mintToken(secret, { userId: 1, role })) as jwt.JwtPayload)['scope']
  expect([scopeOf('Administrador'), scopeOf('Operador')]).toEqual(['operacion', undefined])
})

test('no token is made in production', () => {
  process.env['NODE_ENV'] = 'production'
  expect(() => mintToken(secret, { userId: 1, role: 'Administrador' })).toThrow('production')
})
