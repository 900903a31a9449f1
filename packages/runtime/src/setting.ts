import { readFileSync } from 'node:fs'

export type Environment = Readonly<Record<string, string | undefined>>

/** The environment's value for one name. A problem never repeats the value: some are secrets. */
export type Setting =
  | { readonly kind: 'none' }
  | { readonly kind: 'given'; readonly value: string }
  | { readonly kind: 'wrong'; readonly problem: string }

/**
 * A setting is NAME itself or, as secrets are mounted, the content of the file that NAME_FILE names, without the line
 * break that editors leave at its end. Set but empty counts as not set: compose files pass many of those.
 */
export const readSetting = (environment: Environment, name: string): Setting => {
  const value = environment[name]
  const path = environment[`${name}_FILE`]
  if (!path) return value ? { kind: 'given', value } : { kind: 'none' }
  if (value) {
    return { kind: 'wrong', problem: `${name}: given twice, as ${name} and as ${name}_FILE` }
  }
  try {
    const content = readFileSync(path, 'utf8').replace(/[\r\n]+$/, '')
    return content === ''
      ? { kind: 'wrong', problem: `${name}_FILE: the file is empty` }
      : { kind: 'given', value: content }
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown error'
    return { kind: 'wrong', problem: `${name}_FILE: cannot read the file (${code})` }
  }
}

/** Reads a single setting. @returns undefined when it is not set. @throws with the problem */
export const settingOf = (environment: Environment, name: string): string | undefined => {
  const setting = readSetting(environment, name)
  switch (setting.kind) {
    case 'none':
      return undefined
    case 'given':
      return setting.value
    case 'wrong':
      throw new Error(setting.problem)
  }
}
