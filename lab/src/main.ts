import { Command } from 'commander'
import { addBench } from './bench/bench.ts'
import { addChaos } from './chaos-command.ts'
import { addComposeSmoke } from './compose-smoke/compose-smoke.ts'
import { addExperiments } from './experiments/experiments.ts'
import { addFuzz } from './fuzz/fuzz.ts'
import type { End } from './runner/scenario.ts'

/** Exits with the run's outcome: what an interrupted run left open must not keep the process. */
const end: End = async (run) => {
  const isGood = await run.catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    return false
  })
  process.exit(isGood ? 0 : 1)
}

const program = new Command('npm run lab --')
  .description('Runs the laboratory: each run starts servers and services of its own.')
  .addHelpText(
    'after',
    '\nExamples:\n' +
      '  npm run lab -- bench --quick\n' +
      '  npm run lab -- chaos --profile full --seed 2\n' +
      '  npm run lab -- experiment outage\n' +
      '  npm run lab -- crash-matrix',
  )
for (const add of [addBench, addChaos, addExperiments, addFuzz, addComposeSmoke]) add(program, end)
await program.parseAsync()
