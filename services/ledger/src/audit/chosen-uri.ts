import { settingOf, stackAddressesFile, stackFolder, targetSetting } from '@recargas/runtime'
import type { Environment } from '@recargas/runtime'

/**
 * The database that was meant: the one named, else the environment's (MONGODB_URI or MONGODB_URI_FILE), else the one
 * that a running stack wrote down for auditors.
 * @throws where there is none of them
 */
export const chosenUri = (named: string | undefined, env: Environment): string => {
  const given = named ?? settingOf(env, 'MONGODB_URI')
  if (given !== undefined && given !== '') return given
  const kept = targetSetting(env, 'AUDIT_MONGODB_URI')
  if (kept !== undefined) return kept
  const file = stackAddressesFile(stackFolder(env))
  throw new Error(`no database address: give --uri or MONGODB_URI, or run npm start (no ${file})`)
}
