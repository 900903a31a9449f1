import type { Judgement } from '../runner/scenario.ts'
import type { LabServers } from '../runner/servers.ts'
import type { Plan } from './plan.ts'

export type Bench = { readonly servers: LabServers; readonly plan: Plan }

/** The figures of a scenario, by the function that runs it. */
export type FiguresOf<Run extends (bench: Bench) => Promise<Judgement<unknown>>> = Awaited<
  ReturnType<Run>
>['figures']

type Stoppable = { readonly stop: () => Promise<void> }

/** Several paths as one system, which stops them in turn. */
export const together = <Paths extends Readonly<Record<string, Stoppable>>>(paths: Paths) => ({
  paths,
  stop: async () => {
    for (const path of Object.values(paths)) await path.stop()
  },
})

/** For a scenario whose programs start everything that they need. */
export const noSystem = () => Promise.resolve({ stop: () => Promise.resolve() })
