import { readFileSync } from 'node:fs'

/** A value of the environment: NAME itself, or what the file holds that NAME_FILE names. Empty counts as not set. */
export const environmentValue = (name: string): string | undefined => {
  const file = process.env[`${name}_FILE`]
  if (file) return readFileSync(file, 'utf8').trim()
  return process.env[name] || undefined
}
