/**
 * One step of `npm test`: the Helm chart lints, renders valid objects with every set of values, and refuses wrong ones. Needs helm and
 * kubernetes-validate on PATH.
 */
import { checkChart } from './dist/chart/gate.js'
import { requiredSecrets } from './dist/chart/values-schema.js'
import { declared } from './declared.mjs'

const problems = await checkChart({
  partitions: declared.partitions,
  requiredSecrets: requiredSecrets(declared),
})
for (const problem of problems) console.error(problem)
process.exitCode = problems.length === 0 ? 0 : 1
