import { useEffect } from 'preact/hooks'
import { sentenceOf } from '../api/answer.ts'
import { isReachable } from '../api/connection.ts'
import { isExpired } from '../session/session.ts'
import type { Outcome } from './command.ts'
import type { KeptCommands } from './kept-commands.ts'
import { words } from './words.ts'

const resumeEveryMs = 3_000

/** Continues a kept command, and calls after each one that was done. */
export const useCommands = <Command, Result>(
  commands: KeptCommands<Command, Result> | null,
  onDone: (command: Command) => void,
): void => {
  const isStopped = isExpired.value
  const outcome = commands?.outcome.value ?? null
  useEffect(() => {
    if (commands === null || isStopped) return
    void commands.resume()
    const timer = setInterval(() => {
      if (commands.kept.value !== null) void commands.resume()
    }, resumeEveryMs)
    return () => clearInterval(timer)
  }, [commands, isStopped])
  useEffect(() => {
    if (outcome?.kind === 'done') onDone(outcome.command)
  }, [outcome])
}

/** The reason why no command can be given now; null where one can. */
export const whyNoCommand = <Command, Result>(
  commands: KeptCommands<Command, Result> | null,
): string | null => {
  const say = words.value
  if (isExpired.value) return say.whySignIn
  if (!isReachable.value) return say.whyOffline
  return commands === null || commands.isBusy.value || commands.kept.value !== null
    ? say.whyBusy
    : null
}

/** The sentence of an outcome for the person who pressed. */
export const outcomeText = <Command>(
  outcome: Outcome<Command>,
  nameOf: (command: Command) => string,
): string => {
  const say = words.value
  switch (outcome.kind) {
    case 'done':
      return say.done(nameOf(outcome.command))
    case 'refused':
      return `${nameOf(outcome.command)}: ${sentenceOf(outcome.failure)}`
    case 'unknown':
      return say.unknown(nameOf(outcome.command))
    case 'not-kept':
      return outcome.fault === 'full' ? say.storageFull : say.storageForbidden
    case 'other-tab':
      return say.otherTab
  }
}
