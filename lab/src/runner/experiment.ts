import type { StackOptions } from '@recargas/stack/supervisor'
import { verificationOf, type Bounds, type Proof } from './judge.ts'
import { runScenario, type Judgement } from './scenario.ts'
import type { LabServers } from './servers.ts'
import { quiet, startSystem, type System } from './system.ts'

/** Options of a run; each experiment has its own defaults. */
export type Options = {
  readonly sales: number
  readonly restarts?: number
  readonly rounds?: number
  readonly seconds?: number
}

export type Context = {
  readonly name: string
  readonly options: Options
  /** The servers of the whole run, started when they are first asked for. */
  readonly servers: () => Promise<LabServers>
  readonly folder: string
}

export type Runs = Readonly<Record<string, unknown>>
type Figures = { readonly runs: Runs; readonly proof: Proof | readonly Proof[] }

export type Experiment = {
  readonly description: string
  /** Long ones are run only when they are named. */
  readonly onlyNamed?: true
  readonly run: (context: Context) => Promise<Judgement<Figures>>
}

type Parts<Load, Found = Load> = Pick<Experiment, 'description' | 'onlyNamed'> & {
  /** Settings of the services, instead of the usual quiet ones. */
  readonly env?: StackOptions['env']
  readonly load: (system: System, options: Options) => Promise<Load>
  readonly faults?: (load: Load, system: System, options: Options) => Promise<Found>
  readonly judge: (found: Found, system: System, options: Options) => Promise<Judged> | Judged
  readonly report?: (runs: Runs) => void
}
type Judged = { readonly runs: Runs; readonly bounds: Bounds }

/** Makes the carrier's random answers repeatable. */
export const seed = 4

/** A scenario on services and databases of its own; its ledger is proven afterwards. */
export const experiment = <Load, Found = Load>({
  description,
  onlyNamed,
  env = quiet,
  load,
  faults,
  judge,
  report = tablesOf,
}: Parts<Load, Found>): Experiment => ({
  description,
  ...(onlyNamed && { onlyNamed }),
  run: ({ name, options, servers }) =>
    runScenario<System, Load, Figures, Found>({
      stack: async () =>
        startSystem(await servers(), name, {
          env: { sandbox: { SANDBOX_SEED: String(seed) }, ...env },
        }),
      load: (system) => load(system, options),
      faults: faults && ((selling, system) => faults(selling, system, options)),
      judge: async (found, system) => {
        const { runs, bounds } = await judge(found, system, options)
        const proof = await system.prove()
        return { figures: { runs, proof }, bounds, ledgers: { proof: verificationOf([proof]) } }
      },
      report: ({ runs }) => report(runs),
    }),
})

const tablesOf = (runs: Runs): void => {
  for (const run of Object.values(runs)) console.table(run)
}
