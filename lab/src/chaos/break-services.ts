import { setTimeout as pause } from 'node:timers/promises'
import { counted, missed, type Injection, type Outcome } from './injection.ts'
import { isAlive, isLive, isStopped, type Instance } from './instances.ts'
import type { ServiceFault } from './plan.ts'

/** Longer than two heartbeats, after which the broker gives a connection up. */
const pauseMs = 6_000

export const breakService = (
  { stack }: Injection,
  { kind, target, instance: index }: ServiceFault,
): Promise<Outcome> => {
  const instance = stack.of(target)[index]
  if (instance === undefined) return Promise.resolve(missed('no such instance'))
  return instance.alone(() => (kind === 'kill' ? kill(instance) : stopAndContinue(instance)))
}

const kill = async ({ process, revive }: Instance): Promise<Outcome> => {
  const pid = process.pid()
  if (pid === null || !(await isLive(process.url))) {
    await revive()
    return missed('it was not alive')
  }
  await process.kill('SIGKILL')
  const isGone = !isAlive(pid)
  await revive()
  return isGone && process.pid() !== pid ? counted : missed('its process is the same')
}

const stopAndContinue = async ({ process, revive }: Instance): Promise<Outcome> => {
  const pid = process.pid()
  if (pid === null || !(await isLive(process.url))) {
    await revive()
    return missed('it was not alive')
  }
  try {
    await process.kill('SIGSTOP')
    await pause(pauseMs)
    if (!isStopped(pid) || (await isLive(process.url))) return missed('it was not stopped')
  } finally {
    await process.kill('SIGCONT')
  }
  await revive()
  return counted
}
