import { formatDecimal, RetiredCajas } from '@recargas/contracts'
import type { Command } from 'commander'
import { ask } from '@recargas/stack/reach/client'
import { acts, examples, type Act } from './command.ts'
import { printJson, printLine, printList } from './print.ts'

/** A till does not list retired cajas, so their cash is in no arqueo until a person books it. */
const retired: Act<object> = async (settings, { json }) => {
  const found = (await ask(settings, 'ledger', '/internal/retired-cajas', RetiredCajas)) ?? []
  if (json) printJson(found)
  else if (found.length === 0) printLine('none')
  else {
    printList(
      ['shop', 'caja', 'name', 'cash', 'pending', 'retired by', 'changed at'],
      found.map(({ merchant, caja }) => [
        merchant,
        caja.id,
        caja.name,
        `${formatDecimal(caja.balance, caja.currency)} ${caja.currency}`,
        `${formatDecimal(caja.incoming, caja.currency)} ${caja.currency}`,
        caja.updatedBy,
        caja.updatedAt,
      ]),
    )
  }
  return found.length === 0 ? 0 : 1
}

export const cajaCommands = (program: Command): void => {
  acts(
    program
      .command('cajas')
      .description('cajas that were retired with cash in the drawer or with sales pending')
      .addHelpText('after', examples('cajas', 'cajas --json')),
    retired,
  )
}
