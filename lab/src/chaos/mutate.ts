import { spawn } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Table from 'cli-table3'
import { z } from 'zod'
import { createGuard } from '@recargas/stack/guard'
import { repository } from '@recargas/stack/service-process'
import { copyRepository } from '@recargas/check/testing/repository-copy'
import { mutations, type Mutation } from './mutations.ts'
import { checks } from './oracle.ts'
import { plain, Report } from './report.ts'

/** A busy machine takes several times as long as a quiet one. */
const runLimitMs = 1_200_000

type Options = {
  readonly seed: number
  readonly only: string | undefined
  readonly say: (line: string) => void
  /** Rejects when the run is interrupted. */
  readonly interrupted: Promise<never>
}

/** Runs each mutation on a copy, under the smoke profile or its tests. @returns true when every mutation was detected */
export const runMutations = async ({ seed, only, say, interrupted }: Options): Promise<boolean> => {
  const table = new Table({ head: ['mutation', 'seen by', ''], style: plain })
  const chosen = mutations.filter(({ name }) => only === undefined || name === only)
  if (chosen.length === 0) {
    throw new Error(`no mutation ${only ?? ''}: ${mutations.map(({ name }) => name).join(', ')}`)
  }
  let areAllSeen = true
  for (const mutation of chosen) {
    say(`${mutation.name} …`)
    const { isSeen, by } = await runMutated(mutation, seed, interrupted)
    await Promise.race([interrupted, Promise.resolve()])
    areAllSeen &&= isSeen
    say(`${mutation.name}: ${isSeen ? 'red' : 'NOT SEEN'} (${by})`)
    table.push([mutation.name, by, isSeen ? 'red' : 'NOT SEEN'])
  }
  say(table.toString())
  return areAllSeen
}

type Seen = { readonly isSeen: boolean; readonly by: string }

const runMutated = async (
  mutation: Mutation,
  seed: number,
  interrupted: Promise<never>,
): Promise<Seen> => {
  const folder = mkdtempSync(join(tmpdir(), 'recargas-mutated-'))
  try {
    if (mutation.seenBy !== 'smoke') {
      copyRepository(folder)
      apply(mutation, folder)
      return await runTests(folder, mutation.seenBy.tests, interrupted)
    }
    copyBuilt(folder)
    apply(mutation, folder)
    const out = join(folder, 'report.json')
    const main = join(folder, 'lab/dist/chaos/main.js')
    const args = [main, '--profile', 'smoke', '--seed', String(seed), '--out', out]
    await runNode(folder, args, interrupted)
    // A run that ends without a report has seen nothing: it did not get so far as to judge.
    if (!existsSync(out)) return { isSeen: false, by: 'no report' }
    const report = Report.parse(JSON.parse(readFileSync(out, 'utf8')))
    // Only the oracle's findings count, not a missed fault or a slow machine.
    const seen = checks.filter((check) => check !== 'unsettled' && report[check] > 0)
    const by = seen.map((check) => `${check} ${report[check]}`).join(', ')
    return { isSeen: seen.length > 0, by: by === '' ? 'nothing' : by }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Copies the build without the sources; packages of others are linked, ours are copied. */
const copyBuilt = (folder: string): void => {
  const workspaces = ['packages', 'services', 'apps'].flatMap((parent) =>
    readdirSync(join(repository, parent)).map((name) => join(parent, name)),
  )
  workspaces.push('lab')
  for (const workspace of workspaces) copyWorkspace(folder, workspace)
  for (const file of ['package.json', 'catalogue.json']) {
    cpSync(join(repository, file), join(folder, file))
  }
  const modules = join(folder, 'node_modules')
  mkdirSync(modules)
  for (const name of readdirSync(join(repository, 'node_modules'))) {
    if (name === '@recargas' || name.startsWith('.')) continue
    symlinkSync(join(repository, 'node_modules', name), join(modules, name))
  }
  mkdirSync(join(modules, '@recargas'))
  for (const workspace of workspaces) {
    const { name } = PackageName.parse(
      JSON.parse(readFileSync(join(folder, workspace, 'package.json'), 'utf8')),
    )
    symlinkSync(join(folder, workspace), join(modules, name))
  }
}

const PackageName = z.object({ name: z.string() })

const copyWorkspace = (folder: string, workspace: string): void => {
  for (const part of ['dist', 'package.json']) {
    const from = join(repository, workspace, part)
    if (existsSync(from)) cpSync(from, join(folder, workspace, part), { recursive: true })
  }
}

const apply = ({ name, edits }: Mutation, folder: string): void => {
  for (const { file, from, to } of edits) {
    const path = join(folder, file)
    const text = readFileSync(path, 'utf8')
    // A text that does not occur exactly once has been rewritten since: the mutation must be too.
    if (text.split(from).length !== 2)
      throw new Error(`${name}: ${file} has not exactly one ${from}`)
    writeFileSync(
      path,
      text.replace(from, () => to),
    )
  }
}

const TestResults = z.object({
  numRuntimeErrorTestSuites: z.int(),
  testResults: z.array(
    z.object({
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
})

/** Red are tests that ran and failed, not files that could not be run. */
const runTests = async (
  folder: string,
  tests: readonly string[],
  interrupted: Promise<never>,
): Promise<Seen> => {
  const out = join(folder, 'jest.json')
  const jest = join(folder, 'node_modules/jest/bin/jest.js')
  const args = ['--experimental-vm-modules', jest, '--json', '--outputFile', out, ...tests]
  await runNode(folder, args, interrupted)
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

/** Runs a program in the copy, until it ends. */
const runNode = (
  folder: string,
  args: readonly string[],
  interrupted: Promise<never>,
): Promise<void> =>
  new Promise((resolve, reject) => {
    const guard = createGuard()
    const child = spawn(process.execPath, args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      detached: true,
      timeout: runLimitMs,
    })
    if (child.pid !== undefined) guard.add(child.pid)
    interrupted.catch(() => child.kill('SIGTERM'))
    child.once('error', reject)
    child.once('exit', () => {
      if (child.pid !== undefined) guard.drop(child.pid)
      void guard.close().then(resolve)
    })
  })
