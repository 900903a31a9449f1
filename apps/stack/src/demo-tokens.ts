import { randomUUID } from 'node:crypto'
import { mintToken } from './mint-token.ts'
import { administrator, cashier, shownMerchant, type Seeded } from './seed.ts'

/** A demo cashier's token, and a command that sells one top-up with it. */
export const cashierSale = (gatewayUrl: string, jwtSecret: string, sessions: Seeded): string => {
  const holder = { userId: cashier, role: 'Operador', merchant: shownMerchant }
  const token = mintToken(jwtSecret, holder)
  const topup = {
    operadora: 'Tigo',
    numero_cliente: '78945612',
    monto: 10.5,
    id_caja_sesion: sessions[shownMerchant],
  }
  return [
    `A cashier's token (others: npm run --silent token -- --help):`,
    token,
    '',
    'Sell a top-up; pasted again it is the same sale, because the key is the same:',
    `curl -sS ${gatewayUrl}/recargas/cliente \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    `  -H 'Content-Type: application/json' -H 'Idempotency-Key: ${randomUUID()}' \\`,
    `  -d '${JSON.stringify(topup)}'`,
  ].join('\n')
}

/** Addresses that open the shop's screen signed in. No browser sends what stands behind the # to anybody. */
export const screenAddresses = (gatewayUrl: string, jwtSecret: string): string => {
  const addressOf = (userId: number, role: string): string =>
    `${gatewayUrl}/tienda#token=${mintToken(jwtSecret, { userId, role, merchant: shownMerchant })}`
  return [
    `The shop's screen, signed in:`,
    `  cashier    ${addressOf(cashier, 'Operador')}`,
    `  owner      ${addressOf(administrator, 'Administrador')}`,
  ].join('\n')
}
