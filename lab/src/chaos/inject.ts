import { setTimeout as pause } from 'node:timers/promises'
import { breakMessages } from './break-messages.ts'
import { breakNetwork } from './break-network.ts'
import { breakServer } from './break-servers.ts'
import { breakService } from './break-services.ts'
import { missed, type Injection, type Outcome } from './injection.ts'
import { nameOf, type Fault } from './plan.ts'

const inFlightLimitMs = 15_000
const triesMax = 5
const tryPauseMs = 1_000

/** Waits for a sale to be under way: a fault without any effect proves nothing. */
const waitInFlight = async ({ inFlight }: Injection): Promise<boolean> => {
  const deadline = performance.now() + inFlightLimitMs
  while (inFlight() === 0) {
    if (performance.now() > deadline) return false
    await pause(20)
  }
  return true
}

const breakOnce = async (injection: Injection, fault: Fault): Promise<Outcome> => {
  if (!(await waitInFlight(injection))) return missed('no sale in flight')
  switch (fault.on) {
    case 'service':
      return breakService(injection, fault)
    case 'server':
      return breakServer(injection, fault)
    case 'link':
      return breakNetwork(injection, fault)
    case 'messages':
      return breakMessages(injection, fault)
  }
}

/** Breaks and heals, again where its effect was not seen. */
export const inject = async (
  injection: Injection,
  fault: Fault,
  say: (line: string) => void,
): Promise<boolean> => {
  for (let tries = 0; tries < triesMax; tries += 1) {
    const outcome = await breakOnce(injection, fault).catch((error: unknown) =>
      missed(String(error)),
    )
    if (outcome.kind === 'counted') return true
    say(`${nameOf(fault)} not counted: ${outcome.reason}`)
    await pause(tryPauseMs)
  }
  return false
}
