import { errorText } from '@recargas/contracts'
import { Command, CommanderError } from 'commander'
import { z } from 'zod'
import { backupCommand } from './backup/backup-command.ts'
import { drillCommand } from './backup/drill-command.ts'
import { restoreCommand } from './backup/restore-command.ts'
import { cajaCommands } from './cajas.ts'
import { carrierCommands } from './carrier.ts'
import { catalogueCommands } from './catalogue.ts'
import { caseCommands } from './cases.ts'
import { examples, exitCodeOf } from './command.ts'
import { proofCommands } from './proofs.ts'
import { quarantineCommands } from './quarantine.ts'
import { rebuildCommand } from './rebuild.ts'
import { saleCommands } from './sales.ts'
import { smokeSaleCommand } from './smoke-sale.ts'
import { statusCommand } from './status.ts'
import { Wrong } from '@recargas/stack/reach/target'
import {
  processTerminal,
  terminal,
  withTerminal,
  type Terminal,
} from '@recargas/stack/reach/terminal'

const about = `What operators look at and do, on a stack that runs.

It asks the services at GATEWAY_URL, LEDGER_URL and ADAPTER_URL with SERVICE_TOKEN (each also as NAME_FILE); without
them, the stack that npm start runs (STACK_DIR).
Exit code: 0 all well, 1 something needs a person or was refused, 2 wrong usage or it could not be found out.`

/** Every command of the tool. A new file of commands is one line here. */
const commandFiles = [
  statusCommand,
  saleCommands,
  smokeSaleCommand,
  cajaCommands,
  carrierCommands,
  caseCommands,
  quarantineCommands,
  proofCommands,
  rebuildCommand,
  backupCommand,
  restoreCommand,
  drillCommand,
  catalogueCommands,
] as const

/** The command line as it is parsed; `run` parses and acts. */
export const opsProgram = (): Command => {
  const program = new Command('ops')
    .description(about)
    .option('--json', 'one JSON document for machines instead of tables', false)
    .addHelpText(
      'after',
      examples('status', 'sale 17', 'quarantine list', 'backup /backups/monday'),
    )
    .exitOverride()
    .configureHelp({ showGlobalOptions: true })
    .configureOutput({
      writeOut: (text) => terminal().out(text),
      writeErr: (text) => terminal().err(shortened(text)),
    })
  for (const add of commandFiles) add(program)
  return program
}

/** Runs one command line. @returns the exit code */
export const runOps = (args: readonly string[], own: Terminal = processTerminal): Promise<number> =>
  withTerminal(own, async () => {
    const program = opsProgram()
    try {
      await program.parseAsync([...args], { from: 'user' })
      return exitCodeOf(program)
    } catch (error) {
      return say(error)
    }
  })

const endlessValue = /(?<="|')[^"'\n]{200,}(?="|')|\S{200,}/g

/** A message quotes a user's value in part, never at length. */
const shortened = (text: string): string =>
  text.replaceAll(endlessValue, (value) => `${value.slice(0, 60)}…`)

const say = (error: unknown): number => {
  // Help and usage errors have been printed.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  terminal().err(
    error instanceof z.ZodError
      ? `an answer this tool does not know; is it of another version?\n${z.prettifyError(error)}\n`
      : `${shortened(errorText(error))}\n`,
  )
  return error instanceof Wrong ? 1 : 2
}
