import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exceededOf, type Bounds, type Verification } from './judge.ts'
import { say } from './report.ts'
import { startServers, type LabServers } from './servers.ts'

/** Ends the process with the outcome of a run. */
export type End = (run: Promise<boolean>) => Promise<void>

/** A scenario's figures, the bounds they are held to, and the proof of every ledger that it wrote. */
export type Judgement<Figures> = {
  readonly figures: Figures
  readonly bounds: Bounds
  readonly ledgers: Readonly<Record<string, Verification>>
}

type Judged<Figures> = Omit<Judgement<Figures>, 'bounds'> & Partial<Judgement<Figures>>

/** One measured run of a whole system, in five parts. Each part gets what the parts before it made. */
export type Scenario<System, Load, Figures, Found = Load> = {
  /** Starts what is measured. */
  readonly stack: () => Promise<System & { readonly stop: () => Promise<void> }>
  /** Opens the shops and sells, or returns the tills that will sell. */
  readonly load: (system: System) => Promise<Load>
  /** Breaks the system while it sells, where anything is broken. @returns what was seen from the till */
  readonly faults?: ((load: Load, system: System) => Promise<Found>) | undefined
  /** Proves the ledger and compares what was found with its bounds, if it has any of its own. */
  readonly judge: (
    found: Found,
    system: System,
    load: Load,
  ) => Promise<Judged<Figures>> | Judged<Figures>
  readonly report: (figures: Figures) => void
}

let interruption: Promise<never> | null = null
let wasInterrupted = false

/** True once a signal has come: no further scenario starts. */
export const isInterrupted = (): boolean => wasInterrupted

/** The first signal stops a run in order; a second one makes the guards end every process of it. */
const interrupted = (): Promise<never> => {
  interruption ??= new Promise<never>((_, reject) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.once(signal, () => {
        wasInterrupted = true
        say('stopping')
        reject(new Error(`stopped by ${signal}`))
      })
    }
  })
  return interruption
}

/** @throws when the work fails, or when a signal ends the run */
export const untilInterrupted = <Result>(work: Promise<Result>): Promise<Result> => {
  // The rest of an interrupted run fails on servers that are gone, and nobody waits for it.
  work.catch(() => undefined)
  return Promise.race([work, interrupted()])
}

/** Runs the parts in their order and stops the system in any case. */
export const runScenario = async <System, Load, Figures, Found = Load>(
  scenario: Scenario<System, Load, Figures, Found>,
): Promise<Judgement<Figures>> => {
  const started: (() => Promise<void>)[] = []
  const run = async () => {
    const system = await scenario.stack()
    started.push(system.stop)
    const load = await scenario.load(system)
    const { faults } = scenario
    // Without faults the load itself is judged.
    const found = faults === undefined ? (load as unknown as Found) : await faults(load, system)
    const judged = await scenario.judge(found, system, load)
    scenario.report(judged.figures)
    return { bounds: {}, ...judged }
  }
  try {
    return await untilInterrupted(run())
  } finally {
    for (const stop of started) await stop()
  }
}

/** True when every bound holds and every ledger is verified; prints the result of each. */
export const isReached = (name: string, { bounds, ledgers }: Judgement<unknown>): boolean => {
  const exceeded = exceededOf(bounds)
  const missed = exceeded.length === 0 ? 'reached' : `NOT REACHED: ${exceeded.join(', ')}`
  say(`${name}: ${missed}`)
  for (const [ledger, { isVerified, detail }] of Object.entries(ledgers)) {
    say(`  ledger ${ledger} ${isVerified ? 'verified' : 'NOT VERIFIED'}: ${detail}`)
  }
  const proofs = Object.values(ledgers)
  return exceeded.length === 0 && proofs.every(({ isVerified }) => isVerified)
}

/** Makes a folder for one run, and removes it afterwards unless it is kept. */
export const inOwnFolder = async <Result>(
  use: (folder: string) => Promise<Result>,
  isKept?: boolean,
): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'recargas-lab-'))
  if (isKept === true) say(`folder: ${folder}`)
  try {
    return await use(folder)
  } finally {
    // Processes of an interrupted run may still write their last lines.
    const options = { recursive: true, force: true, maxRetries: 10, retryDelay: 200 }
    if (isKept !== true) await rm(folder, options)
  }
}

export const withServers = <Result>(
  use: (servers: LabServers) => Promise<Result>,
): Promise<Result> =>
  inOwnFolder(async (folder) => {
    const servers = await startServers(folder, say)
    try {
      return await use(servers)
    } finally {
      await servers.stop()
    }
  })
