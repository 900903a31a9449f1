import { parseArgs } from 'node:util'
import { keptJwtSecret, stackFolder } from './stack/development-values.ts'
import { mintToken } from './stack/mint-token.ts'

const help = `Prints a development token.

  npm run --silent token -- [--role Administrador|Operador] [--user 1] [--merchant NAME] [--ttl 8h]

  --role      what the holder may do (Administrador)
  --user      the holder's id (1)
  --merchant  the shop; the gateway's DEFAULT_MERCHANT when not said
  --ttl       how long it counts (8h)

Signed with JWT_SECRET, or with the value that npm start keeps. Refused where NODE_ENV is production.`

const fail = (message: string): never => {
  console.error(message)
  process.exit(1)
}

const print = () => {
  const { values } = parseArgs({
    options: {
      role: { type: 'string', default: 'Administrador' },
      user: { type: 'string', default: '1' },
      merchant: { type: 'string' },
      ttl: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return help
  const userId = Number(values.user)
  if (!Number.isSafeInteger(userId) || userId < 1)
    return fail('--user must be a whole number above 0')
  const folder = stackFolder()
  const secret = keptJwtSecret(folder)
  if (secret === null) return fail(`no JWT_SECRET, and no stack has run in ${folder}: npm start`)
  return mintToken(secret, {
    userId,
    role: values.role,
    merchant: values.merchant,
    ttl: values.ttl,
  })
}

try {
  console.log(print())
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
