import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingOf, type Environment } from '@recargas/service'

const stackFile = 'ledger-uri'

/**
 * The database that was meant: the one named, else the environment's (MONGODB_URI or MONGODB_URI_FILE), else the one
 * that a running stack wrote down.
 * @throws where there is none of them
 */
export const chosenUri = (named: string | undefined, env: Environment): string => {
  const given = named ?? settingOf(env, 'MONGODB_URI')
  if (given !== undefined && given !== '') return given
  const folder = env['STACK_DIR'] || '.stack'
  const file = join(folder, stackFile)
  if (existsSync(file)) return readFileSync(file, 'utf8').trim()
  throw new Error(`which database? Give --uri or MONGODB_URI, or let npm start run (no ${file})`)
}
