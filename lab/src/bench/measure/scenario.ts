import type { BenchServers } from './bench-servers.ts'
import type { Verification } from './measured-path.ts'
import type { Plan } from './plan.ts'
import type { Log } from './rounds.ts'

export type Bench = { readonly servers: BenchServers; readonly plan: Plan; readonly log: Log }

/** A scenario's figures, and the proof of every ledger it wrote. */
export type Outcome<Figures> = {
  readonly figures: Figures
  readonly verified: Readonly<Record<string, Verification>>
}
