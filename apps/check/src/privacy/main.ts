import { scanTraces } from './scan.ts'
import { readTraces, tracesFolder } from './traces.ts'

/**
 * One step of the check, after the tests: the customers' numbers and secrets of the end-to-end tests are in no log and no
 * metric.
 */
const folder = tracesFolder()
if (folder === undefined) throw new Error('RECARGAS_TRACES names the folder of the traces')
const traces = await readTraces(folder)
const { problems, lines, numbers } = scanTraces(traces)
for (const problem of problems) console.error(problem)
console.log(`${traces.length} stacks, ${lines} lines of logs, ${numbers} phone numbers looked for`)
process.exitCode = problems.length === 0 ? 0 : 1
