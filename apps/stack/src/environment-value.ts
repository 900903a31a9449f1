import { settingOf } from '@recargas/runtime'

/** A value of the environment: NAME itself, or the content of the file that NAME_FILE names. Empty counts as not set. */
export const environmentValue = (name: string): string | undefined => settingOf(process.env, name)
