import { readTokenArguments, tokenHelp } from './token-arguments.ts'
import { keptJwtSecret, stackFolder } from './development-values.ts'
import { mintToken } from './mint-token.ts'

const print = (): string => {
  const args = readTokenArguments(process.argv.slice(2))
  if (args.kind === 'help') return tokenHelp
  const folder = stackFolder()
  const secret = keptJwtSecret(folder)
  if (secret === null)
    throw new Error(`no JWT_SECRET, and no stack has run in ${folder}: npm start`)
  return mintToken(secret, args.holder)
}

try {
  console.log(print())
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error))
  process.exitCode = 2
}
