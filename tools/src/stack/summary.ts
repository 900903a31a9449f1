import { randomUUID } from 'node:crypto'
import { join, relative } from 'node:path'
import type { Servers } from './backend.ts'
import { mintToken } from './mint-token.ts'
import { cashier, type Seeded } from './seed.ts'
import type { Stack } from './supervisor.ts'

const shownMerchant = 'principal'

/** What a developer needs next: where things are, and one sale to paste. */
export const summary = (
  stack: Stack,
  servers: Servers,
  sessions: Seeded,
  folder: string,
): string => {
  const token = mintToken(stack.jwtSecret, {
    userId: cashier,
    role: 'Operador',
    merchant: shownMerchant,
  })
  const topup = {
    operadora: 'Tigo',
    numero_cliente: '78945612',
    monto: 10.5,
    id_caja_sesion: sessions[shownMerchant],
  }
  const sandbox =
    stack.processes.sandbox.pid() === null ? [] : [`  sandbox    ${stack.urls.sandbox}`]
  const broker = servers.managementUrl === null ? [] : [`  rabbitmq   ${servers.managementUrl}`]
  return [
    '',
    `  gateway    ${stack.urls.gateway}    API: ${stack.urls.gateway}/docs`,
    `  ledger     ${stack.urls.ledger}`,
    `  adapter    ${stack.urls.adapter}`,
    ...sandbox,
    ...broker,
    `  mongodb    ${servers.mongodbUri}`,
    `  logs       ${join(relative('.', folder) || '.', 'logs')}`,
    '',
    `A cashier's token (others: npm run --silent token -- --help):`,
    token,
    '',
    'Sell a top-up; pasted again it is the same sale, because the key is the same:',
    `curl -sS ${stack.urls.gateway}/recargas/cliente \\`,
    `  -H 'Authorization: Bearer ${token}' \\`,
    `  -H 'Content-Type: application/json' -H 'Idempotency-Key: ${randomUUID()}' \\`,
    `  -d '${JSON.stringify(topup)}'`,
    '',
    'Ctrl-C stops everything; data are kept until npm start -- --reset.',
  ].join('\n')
}
