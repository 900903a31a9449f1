import { expect, it, test } from '@jest/globals'
import type { Command } from 'commander'
import { readArguments as readVerify } from '../../../../services/ledger/src/audit/arguments.ts'
import { logsProgram } from '@recargas/stack/logs/program'
import { opsProgram } from '@recargas/ops/program'
import { readArguments as readStart } from '@recargas/stack/arguments'
import { readTokenArguments } from '@recargas/stack/token-arguments'
import { textOf } from '../repository-files.ts'
import { printedExamples, wordsOf } from './collect-examples.ts'
import { releaseProgram } from '../release/program.ts'
import { exampleRules } from './examples.ts'

const printed = printedExamples()
const { scripts } = JSON.parse(textOf('package.json')) as {
  readonly scripts: Readonly<Record<string, string>>
}

it('every example that a page or a --help prints is on the list, and the list holds no other', () => {
  expect(printed.length).toBeGreaterThan(80)
  const unknown = printed.filter(({ command }) => exampleRules[command] === undefined)
  expect(unknown).toEqual([])
  const commands = new Set(printed.map(({ command }) => command))
  const gone = Object.keys(exampleRules).filter((command) => !commands.has(command))
  expect(gone).toEqual([])
})

/** The script of `npm run` and its arguments; null for another program. */
const npmRun = (command: string) => {
  const inner = /^[A-Z]+=\$\((.*)\)$/.exec(command)?.[1] ?? command
  const [, script = '', rest = ''] =
    /^npm (?:run (?:--silent )?)?([\w:]+)(?: -- (.*))?$/.exec(inner) ?? []
  return script === '' ? null : { script, args: wordsOf(rest.replace(/\[|\]/g, '')) }
}

/** Parses as the tool does, and stops before it acts. */
const parseOnly = async (program: Command, args: readonly string[]): Promise<void> => {
  const quiet = { writeOut: () => undefined, writeErr: () => undefined }
  const disarm = (command: Command): void => {
    command.exitOverride().configureOutput(quiet)
    if (command.commands.length === 0) command.action(() => undefined)
    command.commands.forEach(disarm)
  }
  disarm(program)
  await program.parseAsync([...args], { from: 'user' }).catch((error: unknown) => {
    const code = (error as { readonly code?: string }).code ?? ''
    // The help is an answer: --help, or a group of commands without one.
    if (!/^commander\.(help|helpDisplayed)$/.test(code)) throw error
  })
}

/** Examples name a cause as a placeholder; the parser wants one that there is. */
const filledIn = (args: readonly string[]): readonly string[] =>
  args.map((arg) => (arg === 'CAUSE' ? 'INVALID' : arg))

const parsers: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
  ops: (args) => parseOnly(opsProgram(), filledIn(args)),
  logs: (args) => parseOnly(logsProgram(), args),
  release: (args) => parseOnly(releaseProgram(), args),
  token: readTokenArguments,
  // The launcher prints its help itself, before any parser exists.
  start: (args) => (args.includes('--help') ? undefined : readStart(args)),
  verify: (args) => {
    const read = readVerify(args)
    if (read.kind === 'wrong') throw new Error(read.reason)
  },
}

const ofNpm = printed.flatMap(({ command }) => {
  const found = npmRun(command)
  return found === null ? [] : [{ command, ...found }]
})
const builtIn = new Set(['start', 'test', 'ci', 'install'])

test.each(ofNpm)('$command names a script and flags that there are', async ({ script, args }) => {
  expect(builtIn.has(script) || scripts[script] !== undefined).toBe(true)
  await parsers[script]?.(args)
})

test('an unknown command, flag or value is refused by the same parsers', async () => {
  await expect(parsers['ops']?.(['no-such-command'])).rejects.toThrow('no-such-command')
  await expect(parsers['ops']?.(['pending', '--no-such-flag'])).rejects.toThrow('no-such-flag')
  await expect(parsers['ops']?.(['pending', '--limit', 'many'])).rejects.toThrow('whole number')
  await expect(parsers['logs']?.(['--number', '17'])).rejects.toThrow('--number')
  expect(() => parsers['token']?.(['--role', 'Cajero'])).toThrow('Cajero')
})
