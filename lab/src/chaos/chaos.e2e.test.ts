import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { repository } from '@recargas/stack/service-process'
import { profiles } from './plan.ts'
import { Report } from './report.ts'

const outputBytesMax = 4 * 1024 * 1024
const limitMs = 600_000

/** The program as a user runs it; it has servers of its own. */
const chaos = (args: readonly string[]): Promise<{ readonly output: string }> =>
  new Promise((resolve) => {
    const { NODE_OPTIONS: _own, ...env } = process.env
    const main = join(repository, 'lab/dist/main.js')
    const options = { env, cwd: repository, timeout: limitMs, maxBuffer: outputBytesMax }
    execFile(process.execPath, [main, 'chaos', ...args], options, (_error, stdout, stderr) => {
      resolve({ output: `${stdout}\n${stderr}` })
    })
  })

test(
  'whatever dies in the smoke profile, no sale is lost, doubled or invented',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'recargas-chaos-report-'))
    const file = join(folder, 'report.json')
    const { output } = await chaos(['--profile', 'smoke', '--seed', '1', '--out', file])
    const text = await readFile(file, 'utf8').catch(() => null)
    await rm(folder, { recursive: true, force: true })
    if (text === null) throw new Error(output)
    const report = Report.parse(JSON.parse(text))
    expect(report).toMatchObject({
      findings: [],
      lost: 0,
      debitedTwice: 0,
      wrongReleases: 0,
      unsettled: 0,
      imbalance: 0,
      wrongAnswers: 0,
      disorder: 0,
      verified: { findings: 0 },
    })
    expect(report.faults).toEqual(report.asked)
    expect(report.sales.accepted).toBeGreaterThanOrEqual(profiles.smoke.sales)
    expect(report.passed).toBe(true)
  },
  limitMs,
)
