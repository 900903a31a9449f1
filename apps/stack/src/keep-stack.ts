import { describeEvent, keepRunning } from './keep-running.ts'
import type { ServiceName } from './service-names.ts'
import type { Stack } from './supervisor.ts'

/** The services of a stack, each started again when it ends by itself. */
export type KeptStack = {
  /** The process of that name has ended. */
  readonly ended: (name: string, cause: string) => void
  readonly replace: (names: readonly ServiceName[]) => Promise<void>
  readonly stop: () => void
}

export const keepStack = (
  { instances }: Pick<Stack, 'instances'>,
  say: (line: string) => void,
): KeptStack => {
  const kept = instances.map(([service, process]) => ({
    service,
    name: process.name,
    keeper: keepRunning(process, { report: (event) => say(describeEvent(process.name, event)) }),
  }))
  return {
    ended: (name, cause) => kept.find((each) => each.name === name)?.keeper.ended(cause),
    replace: async (names) => {
      const changed = kept.filter(({ service }) => names.includes(service))
      await Promise.all(changed.map(({ keeper }) => keeper.replace()))
    },
    stop: () => {
      for (const { keeper } of kept) keeper.stop()
    },
  }
}
