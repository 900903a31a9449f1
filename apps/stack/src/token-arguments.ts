import { parseArgs } from 'node:util'
import { roles, type Holder } from './mint-token.ts'

export const tokenHelp = `Prints a development token.

  npm run --silent token -- [--role ${roles.join('|')}] [--user 1] [--merchant NAME] [--ttl 8h]

  --role      what the holder may do (Administrador)
  --user      the holder's id (1)
  --merchant  the shop; the gateway's DEFAULT_MERCHANT when not said
  --ttl       how long it counts: 30m, 8h, 7d (8h)

Signed with JWT_SECRET, or with the value that npm start keeps. Refused where NODE_ENV is production.
Exit code: 0 the token is printed, 2 it could not be made.

Examples:
  npm run --silent token -- --role Operador --user 2
  npm run --silent token -- --merchant bogota --ttl 30m`

export type TokenArguments =
  { readonly kind: 'help' } | { readonly kind: 'token'; readonly holder: Holder }

/** @throws with the problem: a token that the gateway would refuse is not printed */
export const readTokenArguments = (args: readonly string[]): TokenArguments => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      role: { type: 'string', default: 'Administrador' },
      user: { type: 'string', default: '1' },
      merchant: { type: 'string' },
      ttl: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return { kind: 'help' }
  const { role, user, merchant, ttl } = values
  if (!roles.includes(role)) throw new Error(`--role ${role}: one of ${roles.join(', ')}`)
  const userId = Number(user)
  if (!Number.isSafeInteger(userId) || userId < 1) {
    throw new Error(`--user ${user}: a whole number above 0`)
  }
  if (ttl !== undefined && !/^[1-9]\d*[smhd]$/.test(ttl)) {
    throw new Error(`--ttl ${ttl}: a number and its unit, such as 30m, 8h or 7d`)
  }
  return { kind: 'token', holder: { userId, role, merchant, ttl } }
}
