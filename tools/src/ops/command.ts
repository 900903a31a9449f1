import type { Command } from 'commander'
import { readSettings, type Settings } from './target.ts'

/** 0: all well. 1: something is wrong, or was refused. 2, by an error: it could not be found out. */
export type ExitCode = 0 | 1

export type Global = { readonly json: boolean }

/** What a command's action gets: its options with those of all commands, and where things are. */
export type Act<Options> = (
  settings: Settings,
  options: Options & Global,
  ...args: readonly string[]
) => Promise<ExitCode>

/** Makes a command of an action; its exit code is the process's. */
export const acts = <Options>(command: Command, act: Act<Options>): Command =>
  command.action(async (...given: readonly unknown[]) => {
    const args = given.slice(0, -2).filter((arg): arg is string => typeof arg === 'string')
    process.exitCode = await act(readSettings(), command.optsWithGlobals(), ...args)
  })

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  npm run ops -- ${line}`).join('\n')}`
