import { Command, CommanderError } from 'commander'
import { z } from 'zod'
import { backupCommands } from './backup/commands.ts'
import { carrierCommands } from './carrier.ts'
import { examples } from './command.ts'
import { proofCommands } from './proofs.ts'
import { quarantineCommands } from './quarantine.ts'
import { saleCommands } from './sales.ts'
import { statusCommand } from './status.ts'
import { Wrong } from './target.ts'

const about = `What operators look at and do, on a stack that runs.

It asks the services at GATEWAY_URL, LEDGER_URL and ADAPTER_URL with SERVICE_TOKEN (each also as NAME_FILE); without
them, the stack that npm start runs (STACK_DIR).
Exit code: 0 all well, 1 something is wrong or was refused, 2 it could not be found out.`

const program = new Command('ops')
  .description(about)
  .option('--json', 'one JSON document for machines instead of tables', false)
  .addHelpText('after', examples('status', 'sale 17', 'quarantine list', 'backup /backups/monday'))
  .exitOverride()
  .configureHelp({ showGlobalOptions: true })

statusCommand(program)
saleCommands(program)
carrierCommands(program)
quarantineCommands(program)
proofCommands(program)
backupCommands(program)

const say = (error: unknown): number => {
  // Help and usage errors have been printed.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  const isUnexpected = error instanceof z.ZodError
  const text = error instanceof Error ? error.message : String(error)
  process.stderr.write(
    isUnexpected
      ? `an answer this tool does not know; is it of another version?\n${text}\n`
      : `${text}\n`,
  )
  return error instanceof Wrong ? 1 : 2
}

try {
  await program.parseAsync()
} catch (error) {
  process.exitCode = say(error)
}
