import { mintToken } from './mint-token.ts'
import { administrator, cashier, shownMerchant } from './seed.ts'

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
