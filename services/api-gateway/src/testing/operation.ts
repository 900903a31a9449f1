import type {
  DiscardRequest,
  InstallationStatus,
  QuarantineSettled,
  ReplayRequest,
} from '@recargas/contracts'
import { Problem } from '../api/problem.ts'
import { installation } from '../openapi/examples/operation.ts'
import { on } from '../openapi/examples/day.ts'
import type { OperationDeps } from '../operation/ports.ts'

type Plays = {
  installation: InstallationStatus
  settled: QuarantineSettled
  /** The words that settled messages. */
  settledBy: {
    readonly action: 'replay' | 'discard'
    readonly word: ReplayRequest | DiscardRequest
  }[]
  isLedgerDown: boolean
}

export const noOperation = (): Omit<Plays, 'isLedgerDown'> => ({
  installation,
  settled: { results: [], remaining: 0 },
  settledBy: [],
})

/** The installation as a test fakes it. */
export const fakeOperation = (fakes: Plays): OperationDeps['operation'] => {
  const settle = (action: 'replay' | 'discard') => (word: ReplayRequest | DiscardRequest) => {
    if (fakes.isLedgerDown) return Promise.reject(new Problem('LEDGER_UNAVAILABLE'))
    fakes.settledBy.push({ action, word })
    return Promise.resolve(fakes.settled)
  }
  return {
    status: () =>
      Promise.resolve({ value: fakes.installation, readAt: Date.parse(on('12:01:00.000')) }),
    instances: () => ({ alive: 2, ready: 2 }),
    replay: settle('replay'),
    discard: settle('discard'),
  }
}
