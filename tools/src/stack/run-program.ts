import { execFile } from 'node:child_process'

const programTimeoutMs = 600_000

/** Runs a program to its end. @throws with the last it said */
export const runProgram = (
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> =>
  new Promise((resolve, reject) => {
    const options = { env, timeout: programTimeoutMs, maxBuffer: 64_000_000 }
    execFile(program, [...args], options, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else reject(new Error(`${program} ${args.join(' ')}: ${lastOf(stderr || stdout)}`))
    })
  })

const lastOf = (text: string): string => text.trim().split('\n').slice(-3).join('\n')
