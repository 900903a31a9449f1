import { MerchantId } from '@recargas/contracts'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { readSettings, type Settings } from '@recargas/stack/reach/target'

/** 0: all well. 1: something needs a person, or was refused. 2, by an error: wrong usage, or it could not be found out. */
export type ExitCode = 0 | 1

export type Global = { readonly json: boolean }

/** The action of a command: its options with those of all commands, and its arguments in their order. */
export type Act<Options> = (
  settings: Settings,
  options: Options & Global,
  ...args: readonly string[]
) => Promise<ExitCode>

const exitCodes = new WeakMap<Command, ExitCode>()

/** The exit code of the command that a program has run. */
export const exitCodeOf = (program: Command): ExitCode => exitCodes.get(program) ?? 0

const programOf = (command: Command): Command =>
  command.parent === null ? command : programOf(command.parent)

/** Makes a command of an action. Commander hands over a variadic argument as one array: it is spread. */
export const acts = <Options>(command: Command, act: Act<Options>): Command =>
  command.action(async (...given: readonly unknown[]) => {
    const args = given
      .slice(0, -2)
      .flat()
      .filter((arg): arg is string => typeof arg === 'string')
    const code = await act(readSettings(), command.optsWithGlobals(), ...args)
    exitCodes.set(programOf(command), code)
  })

export const examples = (...lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  npm run ops -- ${line}`).join('\n')}`

export const merchantOption = (description: string): Option =>
  new Option('--merchant <name>', description).argParser((text) => {
    const merchant = MerchantId.safeParse(text)
    if (merchant.success) return merchant.data
    throw new InvalidArgumentError('the name of a shop: up to 40 of a to z, 0 to 9, _ and -')
  })
