import { spawn } from 'node:child_process'
import { repository } from '@recargas/stack/service-process'
import type { Gateway } from '../till/shop.ts'

/** The addresses of a project's services. */
export type Reached = { readonly gateway: Gateway; readonly prometheus: number }

type Said = { readonly code: number | null; readonly text: string }

/** `docker …` in the repository, with the settings of one project. */
export type Docker = {
  /** @returns its output. @throws with its last lines when it fails or takes too long */
  readonly run: (args: readonly string[], timeoutMs: number) => Promise<string>
  readonly succeeds: (args: readonly string[], timeoutMs: number) => Promise<boolean>
}

const linesShown = 20

export const createDocker = (settings: Readonly<Record<string, string>>): Docker => {
  const env = { ...process.env, ...settings }
  const say = (args: readonly string[], timeoutMs: number) => said(args, env, timeoutMs)
  return {
    run: async (args, timeoutMs) => {
      const { code, text } = await say(args, timeoutMs)
      if (code === 0) return text
      throw new Error(`docker ${args.join(' ')} ${ending(code, timeoutMs)}:\n${lastOf(text)}`)
    },
    succeeds: async (args, timeoutMs) => (await say(args, timeoutMs)).code === 0,
  }
}

const ending = (code: number | null, timeoutMs: number): string =>
  code === null ? `did not end within ${timeoutMs / 1_000} s` : `ended with ${code}`

const said = (args: readonly string[], env: NodeJS.ProcessEnv, timeoutMs: number): Promise<Said> =>
  new Promise((resolve) => {
    const child = spawn('docker', args, {
      cwd: repository,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutMs,
    })
    let text = ''
    const listen = (chunk: Buffer) => (text += chunk.toString('utf8'))
    child.stdout.on('data', listen)
    child.stderr.on('data', listen)
    child.once('error', (error) => resolve({ code: 127, text: error.message }))
    child.once('close', (code) => resolve({ code, text }))
  })

const lastOf = (text: string): string => text.trimEnd().split('\n').slice(-linesShown).join('\n')
