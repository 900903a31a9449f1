import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { settingOf, type Environment } from './setting.ts'

/** The folder of a development stack: its data, its logs, the secrets it made and its addresses. */
export const stackFolder = (environment: Environment): string =>
  environment['STACK_DIR'] || '.stack'

/** The secrets that a stack made, one NAME=value a line. */
export const stackSecretsFile = (folder: string): string => join(folder, 'env')
/** The addresses of a stack that runs or has run, one NAME=value a line; the last start wrote them. */
export const stackAddressesFile = (folder: string): string => join(folder, 'addresses')

/** Everything a stack of that folder wrote down. Empty where none has run. */
export const stackValues = (folder: string): Readonly<Record<string, string | undefined>> => ({
  ...readValues(stackSecretsFile(folder)),
  ...readValues(stackAddressesFile(folder)),
})

export const readValues = (file: string): Readonly<Record<string, string | undefined>> => {
  if (!existsSync(file)) return {}
  const lines = readFileSync(file, 'utf8').split('\n')
  return Object.fromEntries(
    lines.flatMap((line) => {
      const at = line.indexOf('=')
      return at > 0 ? [[line.slice(0, at), line.slice(at + 1)]] : []
    }),
  )
}

/**
 * A setting of a tool that looks at a system: the environment (NAME or NAME_FILE), else the value that the stack of
 * `npm start` wrote down, whatever its ports are.
 * @throws where NAME and NAME_FILE contradict each other
 */
export const targetSetting = (environment: Environment, name: string): string | undefined =>
  settingOf(environment, name) ?? stackValues(stackFolder(environment))[name]
