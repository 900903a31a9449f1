import { describeEvent, keepRunning, type Keeper } from './keep-running.ts'
import { serviceNames, type PerService, type ServiceName, type Stack } from './supervisor.ts'

/** The services of a stack, each started again when it ends by itself. */
export type KeptStack = {
  readonly ended: (name: ServiceName, cause: string) => void
  readonly replace: (names: readonly ServiceName[]) => Promise<void>
  readonly stop: () => void
}

export const keepStack = (
  { processes }: Pick<Stack, 'processes'>,
  say: (line: string) => void,
): KeptStack => {
  const entries = serviceNames.map((name): readonly [ServiceName, Keeper] => [
    name,
    keepRunning(processes[name], { report: (event) => say(describeEvent(name, event)) }),
  ])
  const keepers = Object.fromEntries(entries) as PerService<Keeper>
  return {
    ended: (name, cause) => keepers[name].ended(cause),
    replace: async (names) => {
      await Promise.all(names.map((name) => keepers[name].replace()))
    },
    stop: () => {
      for (const [, keeper] of entries) keeper.stop()
    },
  }
}
