import type { Command } from 'commander'
import { acts, examples, type Act } from './command.ts'
import { asked, runTool } from './proofs.ts'
import { CannotRun } from '@recargas/stack/reach/target'
import { terminal } from '@recargas/stack/reach/terminal'

type Options = { readonly ledgerUri?: string }

const rebuild: Act<Options> = async (settings, { json, ledgerUri }, ...names) => {
  const uri = ledgerUri ?? settings.need('LEDGER_MONGODB_URI')
  const { code, output } = await runTool('rebuild', [...names, ...asked(json)], {
    MONGODB_URI: uri,
  })
  terminal().out(output)
  if (code > 1) throw new CannotRun('the rebuild did not end; nothing that is read was changed')
  return code === 0 ? 0 : 1
}

const about = `rebuilds projections from the blocks while sales go on; reads follow once the new ones are whole.
A rebuild that ended before its time goes on with the same command.`

export const rebuildCommand = (program: Command): void => {
  acts(
    program
      .command('rebuild')
      .description(about)
      .argument('[names...]', 'sales, operations, balances …; without one, all of them')
      .option(
        '--ledger-uri <uri>',
        'the ledger’s database, as a user that may make and drop its collections (LEDGER_MONGODB_URI)',
      )
      .addHelpText('after', examples('rebuild', 'rebuild sales', 'rebuild sales balances --json')),
    rebuild,
  )
}
