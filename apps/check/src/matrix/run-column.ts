import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { nativePrograms } from '@recargas/stack/install'
import { repository } from '@recargas/stack/service-process'
import { z } from 'zod'
import { nodeVersions, serverSets, type Column, type Outcome } from './columns.ts'
import { nodeProgram } from './node-program.ts'

const Report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numRuntimeErrorTestSuites: z.int(),
  numPendingTests: z.int(),
})

/** Installs the Node and the servers of a column and runs the tests on them, its output as it comes. */
export const runColumn = async (
  column: Column,
  patterns: readonly string[],
  log: (line: string) => void,
): Promise<Outcome> => {
  const startedAt = performance.now()
  const servers = serverSets[column.servers]
  let node: string
  try {
    node = await nodeProgram(nodeVersions[column.node], log)
    await nativePrograms(log, servers)
  } catch (error) {
    return { kind: 'not run', reason: String(error) }
  }
  const folder = mkdtempSync(join(tmpdir(), 'recargas-matrix-'))
  try {
    const file = join(folder, 'report.json')
    const child = spawn(
      node,
      [...jestArguments, '--json', `--outputFile=${file}`, '--', ...patterns],
      {
        cwd: repository,
        stdio: 'inherit',
        env: {
          ...process.env,
          PATH: `${dirname(node)}${delimiter}${process.env['PATH'] ?? ''}`,
          STACK_BACKEND: 'native',
          STACK_MONGODB: servers.mongodb,
          STACK_RABBITMQ: servers.rabbitmq,
        },
      },
    )
    const [code] = (await once(child, 'close')) as [number | null]
    if (!existsSync(file)) throw new Error(`the tests ended with ${code} and left no report`)
    const report = Report.parse(JSON.parse(readFileSync(file, 'utf8')))
    return {
      kind: 'ran',
      passed: report.numPassedTests,
      failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
      skipped: report.numPendingTests,
      seconds: Math.round((performance.now() - startedAt) / 1000),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const jestArguments = [
  ...['--experimental-vm-modules', '--disable-warning=ExperimentalWarning'],
  join(repository, 'node_modules/jest/bin/jest.js'),
  ...['--testPathIgnorePatterns', '\\.e2e\\.test\\.ts$', '/node_modules/', '/dist/', '/.stack/'],
]
