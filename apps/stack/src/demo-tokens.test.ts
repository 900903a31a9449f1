import { expect, it } from '@jest/globals'
import jwt from 'jsonwebtoken'
import { screenAddresses } from './demo-tokens.ts'

const secret = 'recargas-test-jwt-secret-0123456789abcdef'

it('opens the screen as the demo shop’s cashier and as its owner', () => {
  const text = screenAddresses('http://127.0.0.1:3000', secret)
  const addresses = [
    ...text.matchAll(/^ +(\w+) +http:\/\/127\.0\.0\.1:3000\/tienda#token=(\S+)$/gm),
  ]
  const holders = addresses.map(([, name, token = '']) => {
    const { sub, roleName, merchant } = jwt.verify(token, secret) as jwt.JwtPayload
    return [name, sub, roleName as string, merchant as string]
  })
  expect(holders).toEqual([
    ['cashier', '2', 'Operador', 'principal'],
    ['owner', '1', 'Administrador', 'principal'],
  ])
})
