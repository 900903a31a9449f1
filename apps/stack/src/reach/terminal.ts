import { AsyncLocalStorage } from 'node:async_hooks'
import type { Environment } from '@recargas/runtime'

/** Everything a run of the tool reads from and writes to. */
export type Terminal = {
  readonly environment: Environment
  readonly out: (text: string) => void
  readonly err: (text: string) => void
}

/** The terminal of this process. */
export const processTerminal: Terminal = {
  environment: process.env,
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
}

const terminals = new AsyncLocalStorage<Terminal>()

/** The terminal of the run under way; several runs of one process each have their own. */
export const terminal = (): Terminal => terminals.getStore() ?? processTerminal

export const withTerminal = <Result>(own: Terminal, run: () => Promise<Result>): Promise<Result> =>
  terminals.run(own, run)
