import { errorText } from '@recargas/contracts'
import { cashierSale, screenAddresses } from './demo-tokens.ts'
import { environmentValue } from './given-value.ts'
import { seed } from './seed.ts'

/** Seeds the demo shops in a running stack; existing records stay. */
const gatewayUrl = process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:3000'
const shownUrl = process.env['SHOWN_GATEWAY_URL'] ?? gatewayUrl
const jwtSecret = environmentValue('JWT_SECRET')

if (!jwtSecret) {
  console.error('JWT_SECRET or JWT_SECRET_FILE is needed: the one of the gateway')
  process.exit(1)
}
try {
  const sessions = await seed(gatewayUrl, jwtSecret)
  console.log(`${screenAddresses(shownUrl, jwtSecret)}\n`)
  console.log(cashierSale(shownUrl, jwtSecret, sessions))
} catch (error) {
  console.error(errorText(error))
  process.exit(1)
}
