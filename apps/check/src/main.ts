import { matrixProgram } from './matrix/program.ts'
import { scanTraces } from './privacy/scan.ts'
import { readTraces, tracesFolder } from './privacy/traces.ts'
import { releaseProgram } from './release/program.ts'
import { installedPackagesProblems } from './supply-chain/installed-packages.ts'
import { linesOf, readWalkthrough } from './walkthrough/walkthrough.ts'

const fromUser = { from: 'user' } as const

const fail = (problems: readonly string[]): void => {
  for (const problem of problems) console.error(problem)
  if (problems.length > 0) process.exitCode = 1
}

/** The programs of this workspace by their names, which npm scripts, check.mjs and docs/walkthrough.md call. */
const programs: Readonly<Record<string, (args: readonly string[]) => unknown>> = {
  matrix: (args) => matrixProgram().parseAsync(args, fromUser),
  release: (args) => releaseProgram().parseAsync(args, fromUser),
  /** Fails where an installed package is not the reviewed one. */
  packages: () => fail(installedPackagesProblems()),
  /** Fails where a customer's number or a secret of the end-to-end tests is in a log or a metric. */
  traces: async () => {
    const folder = tracesFolder()
    if (folder === undefined) throw new Error('RECARGAS_TRACES names the folder of the traces')
    const traces = await readTraces(folder)
    const { problems, lines, numbers } = scanTraces(traces)
    fail(problems)
    console.log(
      `${traces.length} stacks, ${lines} lines of logs, ${numbers} phone numbers looked for`,
    )
  },
  /** Counts the files and lines of one sale's way. */
  walkthrough: () => {
    const counted = readWalkthrough().way.map((file) => ({ file, lines: linesOf(file) }))
    for (const { file, lines } of counted) console.log(`${String(lines).padStart(5)}  ${file}`)
    const lines = counted.reduce((sum, each) => sum + each.lines, 0)
    console.log(`${counted.length} files, ${lines} lines`)
  },
}

const [name = '', ...args] = process.argv.slice(2)
const program = programs[name]
if (program === undefined) {
  fail([`no program "${name}": one of ${Object.keys(programs).join(', ')}`])
} else {
  await program(args)
}
