import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { errorText } from '@recargas/contracts'
import { CommanderError } from 'commander'
import { Wrong } from '../reach/target.ts'
import { stackFolder } from '../development-values.ts'
import { correlationsOf } from './correlations.ts'
import { followLogs } from './follow.ts'
import { readLogLines, type LogLine } from './lines.ts'
import { logsProgram, type LogsOptions } from './program.ts'
import { showLine, wantsColour } from './show.ts'

const run = async (): Promise<number> => {
  const options = logsProgram().parse().opts<LogsOptions>()
  const folder = join(stackFolder(), 'logs')
  if (!existsSync(folder)) throw new Error(`no stack has run in ${stackFolder()}: npm start`)
  const { correlation, merchant, service } = options
  const wanted = correlation === undefined ? null : await correlationsOf(correlation, merchant)
  const filter = { correlations: wanted?.ids, service }
  const isColoured = wantsColour(process.stdout)
  const say = (line: LogLine) =>
    console.log(options.json ? JSON.stringify(line) : showLine(line, isColoured))
  // A reader such as head may leave before the end.
  process.stdout.on('error', () => process.exit(0))
  const past = await readLogLines(folder, filter, options.last)
  for (const line of past) say(line)
  if (options.follow) {
    await followLogs(folder, filter, say)
    return 0
  }
  if (past.length > 0) return 0
  if (wanted?.problem) throw wanted.problem
  console.error('nothing of that kind was logged')
  return 1
}

process.exitCode = await run().catch((error: unknown) => {
  // Help and usage errors have been printed.
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  console.error(errorText(error))
  return error instanceof Wrong ? 1 : 2
})
