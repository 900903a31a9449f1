import { stackFolder, targetSetting } from '@recargas/runtime'
import { terminal } from './terminal.ts'

/** The tool's settings. Each name also as NAME_FILE. */
export const settingNames = [
  'GATEWAY_URL',
  'LEDGER_URL',
  'ADAPTER_URL',
  'SERVICE_TOKEN',
  'JWT_SECRET',
  'OPS_TOKEN',
  'OPS_BY',
  'DEFAULT_MERCHANT',
  'LEDGER_MONGODB_URI',
  'ADAPTER_MONGODB_URI',
  'AMQP_URL',
] as const
export type SettingName = (typeof settingNames)[number]

/** Wrong usage, or no answer; the message gives the remedy. Ends the tool with 2. */
export class CannotRun extends Error {}

/** Something needs a person, or was refused. Ends the tool with 1. */
export class Wrong extends Error {}

export type Settings = {
  readonly find: (name: SettingName) => string | undefined
  /** @throws CannotRun with the setting to add */
  readonly need: (name: SettingName) => string
}

/** The environment overrides the values that `npm start` stored. */
export const readSettings = (): Settings => {
  const { environment } = terminal()
  const folder = stackFolder(environment)
  const find = (name: SettingName) => targetSetting(environment, name)
  return {
    find,
    need: (name) => {
      const value = find(name)
      if (value !== undefined) return value
      throw new CannotRun(`${name} is not set, and no stack has run in ${folder}: npm start`)
    },
  }
}
