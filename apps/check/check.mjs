/**
 * The whole check behind `npm test`: format, lint, types, layers, dead code, then every test. Each
 * static step counts as one test in the closing line.
 *
 *   node apps/check/check.mjs             everything
 *   node apps/check/check.mjs --static    without the tests
 *   node apps/check/check.mjs PATTERN     static steps, then the tests whose path matches
 */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = fileURLToPath(new URL('../..', import.meta.url))
process.chdir(root)
const args = process.argv.slice(2)
const staticOnly = args.includes('--static')
const patterns = args.filter((arg) => !arg.startsWith('--'))

let passed = 0
let failed = 0
let skipped = 0
/** Failed steps and tests, shown once more above the closing line: of a long run often only the end of its output is kept. */
const failures = []

/** Runs a command to its end; with `shown` its output appears as it comes, else it follows the step's line. */
async function step(name, command, commandArgs, { shown = false, env = {} } = {}) {
  const startedAt = Date.now()
  const child = spawn(command, commandArgs, {
    stdio: shown ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text) => (output += text))
  }
  const ok = await once(child, 'close').then(
    ([code]) => code === 0,
    (error) => {
      output += `${error}\n`
      return false
    },
  )
  const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
  console.log(`${ok ? '✓' : '✗'} ${name} ${seconds}s`)
  if (output !== '') console.log(output.trimEnd())
  return ok
}

async function counted(name, command, commandArgs) {
  if (await step(name, command, commandArgs)) passed += 1
  else {
    failed += 1
    failures.push(name)
  }
}

const messageLinesMax = 12

/** Each failed test of a Jest report, and each file that failed outside its tests, with the beginning of its message. */
function failedTests({ testResults }) {
  const failedFiles = testResults.filter(({ status }) => status === 'failed')
  return failedFiles.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name)
    const failedOnes = assertionResults.filter(({ status }) => status === 'failed')
    const tests = failedOnes.map(
      ({ fullName, failureMessages, duration }) =>
        `${file}: ${fullName} (${duration ?? 0} ms)\n${failureMessages.map(beginningOf).join('\n')}`,
    )
    const outside = message.indexOf('Test suite failed to run')
    return outside < 0 ? tests : [...tests, `${file}: ${beginningOf(message.slice(outside))}`]
  })
}

function beginningOf(message) {
  return stripVTControlCharacters(message)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^\s+at .*(node_modules|node:)/.test(line))
    .slice(0, messageLinesMax)
    .map((line) => `    ${line}`)
    .join('\n')
}

/** Not every machine has every tool: without one the step counts as skipped, and the tool is named. */
async function countedWhere(tools, name, command, commandArgs) {
  const missing = tools.find(
    ([tool, ...probe]) => spawnSync(tool, probe, { stdio: 'ignore' }).status !== 0,
  )
  if (missing === undefined) {
    await counted(name, command, commandArgs)
    return
  }
  skipped += 1
  console.log(`- ${name} skipped: no ${missing.slice(0, -1).join(' ')} here`)
}

if (!existsSync('node_modules/.package-lock.json')) {
  if (!(await step('install', 'npm', ['ci', '--no-audit', '--no-fund'], { shown: true })))
    process.exit(1)
}
const bin = (name) => `node_modules/.bin/${name}`

// .ci/run installs programs here that the machine's package manager lacks.
const cache = process.env.XDG_CACHE_HOME || join(homedir(), '.cache')
for (const folder of ['prometheus', 'helm', 'kubernetes-validate/bin', 'backup']) {
  process.env.PATH += `:${join(cache, 'recargas', folder)}`
}
const promtool = [['promtool', '--version']]
const chartTools = [
  ['helm', 'version'],
  ['kubernetes-validate', '--version'],
]

await counted('client types', process.execPath, ['packages/client/generate.mjs'])
// Each step keeps one core busy: two run at a time.
await Promise.all([
  counted('format', bin('prettier'), ['--check', '--log-level', 'warn', '.']),
  counted('build', bin('tsc'), ['-b']),
])
await counted('screen', 'npm', ['run', '--silent', 'build', '--workspace', 'web'])
const lint = counted('lint', bin('eslint'), ['.', '--max-warnings', '0'])
await counted('types', bin('tsc'), ['-p', 'tsconfig.check.json'])
await counted('layers', bin('depcruise'), [
  'packages',
  'services',
  'apps',
  'lab',
  'web/src',
  '--config',
  '.dependency-cruiser.cjs',
  '--output-type',
  'err',
])
await counted('dead code', bin('knip'), [])
await counted('packages', process.execPath, ['apps/check/dist/main.js', 'packages'])
await countedWhere([['docker', 'compose', 'version']], 'compose', 'docker', [
  'compose',
  'config',
  '--quiet',
])
await countedWhere(promtool, 'alert rules', 'promtool', [
  'check',
  'config',
  'ops/prometheus/prometheus.yml',
])
await countedWhere(promtool, 'alert cases', 'promtool', [
  'test',
  'rules',
  ...readdirSync('ops/prometheus/tests').map((file) => `ops/prometheus/tests/${file}`),
])
await countedWhere(chartTools, 'chart', process.execPath, ['apps/check/chart.mjs'])
await lint

if (!staticOnly) {
  mkdirSync('.stack', { recursive: true })
  const report = '.stack/jest-report.json'
  const traces = '.stack/e2e-traces'
  rmSync(report, { force: true })
  rmSync(traces, { recursive: true, force: true })
  process.env.RECARGAS_TRACES = join(root, traces)
  await step('tests', bin('jest'), ['--json', `--outputFile=${report}`, ...patterns], {
    shown: true,
    env: { NODE_OPTIONS: '--experimental-vm-modules --disable-warning=ExperimentalWarning' },
  })
  if (existsSync(report)) {
    const result = JSON.parse(readFileSync(report, 'utf8'))
    passed += result.numPassedTests
    failed += result.numFailedTests + result.numRuntimeErrorTestSuites
    skipped += result.numPendingTests
    failures.push(...failedTests(result))
    if (!result.success && result.numFailedTests + result.numRuntimeErrorTestSuites === 0) {
      failed += 1
      failures.push('the tests, without one that failed')
    }
  } else {
    failed += 1
    failures.push('the tests: they left no report')
  }
  // Scans the traces of all end-to-end tests: a part of them does not count for the whole.
  if (patterns.length === 0) {
    await counted('logs and figures without canaries', process.execPath, [
      'apps/check/dist/main.js',
      'traces',
    ])
  }
}

for (const failure of failures) console.log(`failed: ${failure}`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(failed === 0 ? 0 : 1)
