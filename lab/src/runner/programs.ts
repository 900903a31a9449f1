import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { repository, type Environment } from '@recargas/stack/service-process'

const outputBytesMax = 64 * 1024 * 1024

/** The environment without the options of this Node. */
export const inheritedEnvironment = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _own, ...environment } = process.env
  return environment
}

type Run = {
  /** The path of the built program below the repository. */
  readonly program: string
  readonly args?: readonly string[]
  readonly env?: Environment
  readonly onLine?: (line: string) => void
  /** A program that fails and prints its JSON has answered. */
  readonly mayFail?: true
}

/** Runs a program of ours to its end. @returns the JSON it printed */
export const runJson = <Printed>(run: Run): Promise<Printed> =>
  new Promise((resolve, reject) => {
    const { program, args = [], env = {}, onLine, mayFail = false } = run
    const child = execFile(
      process.execPath,
      [join(repository, program), ...args],
      { env: { ...inheritedEnvironment(), ...env }, maxBuffer: outputBytesMax },
      (error, stdout, stderr) => {
        const isAnswer = error === null || (mayFail && stdout.startsWith('{'))
        if (isAnswer) resolve(JSON.parse(stdout) as Printed)
        else reject(new Error(`${program} ${args.join(' ')} failed: ${stderr}`, { cause: error }))
      },
    )
    child.stderr?.on('data', (text: string) => onLine?.(text.trim()))
  })
