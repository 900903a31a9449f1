import { execFile, type ChildProcess } from 'node:child_process'

const programTimeoutMs = 600_000

const running = new Set<ChildProcess>()

/** Kills the programs that still run; their callers receive a failure. */
export const endPrograms = (): void => {
  for (const program of running) program.kill()
}

/** Runs a program to its end. @throws with its last output */
export const runProgram = (
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
  timeoutMs: number = programTimeoutMs,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { env, timeout: timeoutMs, maxBuffer: 64_000_000 }
    const child = execFile(program, [...args], options, (error, stdout, stderr) => {
      running.delete(child)
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')}: ${lastOf(stderr || stdout)}`))
    })
    running.add(child)
  })

const lastOf = (text: string): string => text.trim().split('\n').slice(-3).join('\n')
