import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Command } from 'commander'
import { stackFolder } from '../stack/development-values.ts'
import { wholeNumber } from '../whole-number.ts'
import { followLogs } from './follow.ts'
import { readLogLines, type LogLine } from './lines.ts'
import { showLine, wantsColour } from './show.ts'

const lastMax = 100_000

const program = new Command('npm run --silent logs --')
  .description(
    'Shows what the services of npm start have logged, all in one, oldest first.\n\n' +
      'The files are STACK_DIR/logs (.stack/logs). NO_COLOR is respected.',
  )
  .option('--correlation <id>', 'only what belongs to that X-Request-Id, or to that sale')
  .option('--service <name>', 'only what that service says, such as ledger')
  .option('--last <n>', 'how many lines', wholeNumber(1, lastMax), 200)
  .option('--json', 'as they are, for machines')
  .option('--follow', 'and what is written from now on, until Ctrl-C')
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  npm run --silent logs -- --correlation pos-7-000123\n' +
      '  npm run --silent logs -- --service carrier-adapter --follow',
  )
  .parse()
const options = program.opts<{
  readonly correlation?: string
  readonly service?: string
  readonly last: number
  readonly json?: true
  readonly follow?: true
}>()

const folder = join(stackFolder(), 'logs')
const isColoured = wantsColour(process.stdout)
const say = (line: LogLine) =>
  console.log(options.json ? JSON.stringify(line) : showLine(line, isColoured))

if (!existsSync(folder)) {
  console.error(`no stack has run in ${stackFolder()}: npm start`)
  process.exit(1)
}
// A reader such as head may leave before the end.
process.stdout.on('error', () => process.exit(0))
const past = await readLogLines(folder, options, options.last)
for (const line of past) say(line)
if (options.follow) {
  await followLogs(folder, options, say)
} else if (past.length === 0) {
  console.error('nothing of that kind was logged')
  process.exitCode = 1
}
