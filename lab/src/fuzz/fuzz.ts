import { join } from 'node:path'
import type { Command } from 'commander'
import { wholeNumber } from '@recargas/stack/given-value'
import { inOwnFolder, isReached, runScenario, withServers, type End } from '../runner/scenario.ts'
import { verificationOf } from '../runner/judge.ts'
import { keepFigure, say } from '../runner/report.ts'
import { quiet, startSystem } from '../runner/system.ts'
import { tokenFor } from '../till/pos.ts'
import { openShop } from '../till/shop.ts'
import { countReport } from './report.ts'
import { installedSchemathesis, pinned, runSchemathesis } from './schemathesis.ts'

type Options = {
  readonly url?: string
  readonly token?: string
  readonly seed: number
  readonly examples: number
  readonly casesMin: number
  readonly out?: string
}

export const addFuzz = (program: Command, end: End) => {
  program
    .command('fuzz')
    .summary('sends malformed requests to every route')
    .description(
      'Asks every operation of the gateway with what fits its OpenAPI document and with what does not, and judges the ' +
        'answers by every check of schemathesis (Python; installed at the first run). On services of its own, or on those at --url.',
    )
    .option('--url <url>', 'a running gateway instead, with short waits and wide rates')
    .option('--token <token>', 'an Administrador’s, for --url')
    .option('--seed <n>', 'the same cases again', wholeNumber(0), 4)
    .option('--examples <n>', 'cases of each operation and phase, at most', wholeNumber(), 150)
    .option('--cases-min <n>', 'fewer cases are a failure', wholeNumber(0), 5_000)
    .option('--out <file>', 'writes the figure there')
    .action((options: Options) => end(run(options)))
}

const run = async (options: Options): Promise<boolean> => {
  const { url, token } = options
  if (url === undefined) return fuzzOwnSystem(options)
  if (token === undefined) throw new Error('--url needs --token')
  return inOwnFolder(async (folder) => (await fuzz(url, token, folder, options)).isGood)
}

const fuzz = async (url: string, token: string, folder: string, options: Options) => {
  const { seed, examples, casesMin, out } = options
  const schemathesis = await installedSchemathesis(say)
  const reportFile = join(folder, 'report.ndjson')
  const exitCode = await runSchemathesis(schemathesis, { url, token, seed, examples, reportFile })
  const counts = await countReport(reportFile)
  const isEnough = counts.cases >= casesMin && counts.operations === counts.operationsReported
  console.log(counts)
  if (out !== undefined) keepFigure(out, { tool: pinned, seed, ...counts })
  const hasPassed = exitCode === 0 && counts.failures === 0
  return { counts, isEnough, hasPassed, isGood: isEnough && hasPassed }
}

/** Short waits: a case may start a sale that is never settled. */
const hurried = { SETTLEMENT_WAIT_MS: '300' }

const fuzzOwnSystem = (options: Options): Promise<boolean> =>
  withServers(async (servers) => {
    const judgement = await runScenario({
      stack: () =>
        startSystem(servers, 'fuzz', {
          env: { ...quiet, gateway: { ...quiet.gateway, ...hurried } },
        }),
      load: async ({ gateway, folder }) => {
        await openShop(gateway, { cash: 100_000, float: 50_000 })
        const token = tokenFor(gateway.jwtSecret, { user: 1, role: 'Administrador' })
        return fuzz(gateway.url(), token, folder, options)
      },
      judge: async ({ counts, isEnough, hasPassed }, system) => ({
        figures: counts,
        bounds: {
          'as many cases and operations as asked': isEnough,
          'every check passes': hasPassed,
        },
        ledgers: { proof: verificationOf([await system.prove()]) },
      }),
      report: () => undefined,
    })
    return isReached('fuzz', judgement)
  })
