import { Command } from 'commander'
import { wholeNumber } from '../given-value.ts'

export type LogsOptions = {
  readonly correlation?: string
  readonly merchant?: string
  readonly service?: string
  readonly last: number
  readonly json?: true
  readonly follow?: true
}

const lastMax = 100_000

export const logsProgram = (): Command =>
  new Command('npm run --silent logs --')
    .description(
      'Shows what the services of npm start have logged, all in one, oldest first.\n\n' +
        'The files are STACK_DIR/logs (.stack/logs). NO_COLOR is respected.\n' +
        'Exit code: 0 lines were found, 1 nothing of that kind was logged, 2 wrong usage or no logs.',
    )
    .option(
      '--correlation <id>',
      'only what belongs to that X-Request-Id, to that sale (id_transaccion) or to the sale of that number',
    )
    .option('--merchant <name>', 'the shop of a sale’s number (DEFAULT_MERCHANT, else principal)')
    .option('--service <name>', 'only what that service says, such as ledger')
    .option('--last <n>', 'how many lines', wholeNumber(1, lastMax), 200)
    .option('--json', 'as they are, for machines')
    .option('--follow', 'and what is written from now on, until Ctrl-C')
    .addHelpText(
      'after',
      '\nExamples:\n' +
        '  npm run --silent logs -- --correlation pos-7-000123\n' +
        '  npm run --silent logs -- --correlation 17\n' +
        '  npm run --silent logs -- --service carrier-adapter --follow',
    )
    .exitOverride()
