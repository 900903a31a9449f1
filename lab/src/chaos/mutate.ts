import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import Table from 'cli-table3'
import { z } from 'zod'
import { startChild } from '@recargas/stack/child'
import { createGuard } from '@recargas/stack/guard'
import { copyRepository } from '@recargas/check/testing/repository-copy'
import { say } from '../runner/report.ts'
import { inOwnFolder, untilInterrupted } from '../runner/scenario.ts'
import { editBuild } from './edit-build.ts'
import { mutations, type Mutation } from './mutations.ts'
import { checks } from './oracle-findings.ts'
import { plain, Report } from './report.ts'

/** A busy machine takes several times as long as a quiet one. */
const runLimitMs = 1_200_000

/** Runs each mutation on a copy, under the smoke profile or its tests. @returns true when every mutation was detected */
export const runMutations = async (seed: number, only: string | undefined): Promise<boolean> => {
  const table = new Table({ head: ['mutation', 'seen by', ''], style: plain })
  const chosen = mutations.filter(({ name }) => only === undefined || name === only)
  if (chosen.length === 0) {
    throw new Error(`no mutation ${only ?? ''}: ${mutations.map(({ name }) => name).join(', ')}`)
  }
  let areAllSeen = true
  for (const mutation of chosen) {
    say(`${mutation.name} …`)
    const { isSeen, by } = await inOwnFolder((folder) => runMutated(mutation, seed, folder))
    areAllSeen &&= isSeen
    say(`${mutation.name}: ${isSeen ? 'red' : 'NOT SEEN'} (${by})`)
    table.push([mutation.name, by, isSeen ? 'red' : 'NOT SEEN'])
  }
  say(table.toString())
  return areAllSeen
}

type Seen = { readonly isSeen: boolean; readonly by: string }

const runMutated = async (mutation: Mutation, seed: number, folder: string): Promise<Seen> => {
  copyRepository(folder)
  editBuild(folder, mutation.name, mutation.edits)
  return mutation.seenBy === 'smoke'
    ? runSmoke(folder, seed)
    : runTests(folder, mutation.seenBy.tests)
}

const runSmoke = async (folder: string, seed: number): Promise<Seen> => {
  const out = join(folder, 'report.json')
  const main = join(folder, 'lab/dist/main.js')
  const args = [main, 'chaos', '--profile', 'smoke', '--seed', String(seed), '--out', out]
  await runNode(folder, args)
  // A run without a report ended before its judgement, so it detected nothing.
  if (!existsSync(out)) return { isSeen: false, by: 'no report' }
  const report = Report.parse(JSON.parse(readFileSync(out, 'utf8')))
  // Only the oracle's findings count, not a missed fault or a slow machine.
  const seen = checks.filter((check) => check !== 'unsettled' && report[check] > 0)
  const by = seen.map((check) => `${check} ${report[check]}`).join(', ')
  return { isSeen: seen.length > 0, by: by === '' ? 'nothing' : by }
}

const TestResults = z.object({
  numRuntimeErrorTestSuites: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

/** A mutation is detected by tests that ran and failed, not by files that could not be run. */
const runTests = async (folder: string, tests: readonly string[]): Promise<Seen> => {
  const out = join(folder, 'jest.json')
  const jest = join(folder, 'node_modules/jest/bin/jest.js')
  const args = ['--experimental-vm-modules', jest, '--json', '--outputFile', out, ...tests]
  await runNode(folder, args)
  if (!existsSync(out)) return { isSeen: false, by: 'no results' }
  const results = TestResults.parse(JSON.parse(readFileSync(out, 'utf8')))
  if (results.numRuntimeErrorTestSuites > 0) return { isSeen: false, by: 'tests that do not run' }
  const failed = results.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .filter(({ status }) => status === 'failed')
  const [first] = failed
  const by = first === undefined ? 'nothing' : `${failed.length} tests: ${first.fullName}`
  return { isSeen: failed.length > 0, by }
}

/** Runs a program in the copy, until it ends or a signal comes. */
const runNode = async (folder: string, args: readonly string[]): Promise<void> => {
  const guard = createGuard()
  const child = await startChild({
    name: 'mutated',
    command: process.execPath,
    args,
    env: process.env,
    cwd: folder,
    logFile: join(folder, 'mutated.log'),
    guard,
  })
  const limit = setTimeout(() => child.kill('SIGTERM'), runLimitMs)
  try {
    await untilInterrupted(child.exited)
  } finally {
    clearTimeout(limit)
    await guard.close()
  }
}
