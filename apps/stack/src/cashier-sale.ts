import { randomUUID } from 'node:crypto'
import { mintToken } from './mint-token.ts'
import { cashier, shownMerchant, type Seeded } from './seed.ts'

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
