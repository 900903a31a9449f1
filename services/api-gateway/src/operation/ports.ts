import type {
  DiscardRequest,
  InstallationStatus,
  QuarantineSettled,
  ReplayRequest,
  StatusService,
} from '@recargas/contracts'

export type OperationDeps = {
  readonly operation: {
    /** The newest status, read at most once a second for all who ask. */
    readonly status: () => Promise<{ readonly value: InstallationStatus; readonly readAt: number }>
    /** Instances of a service by their heartbeats. */
    readonly instances: (service: StatusService) => {
      readonly alive: number
      readonly ready: number
    }
    /** @throws Problem LEDGER_UNAVAILABLE */
    readonly replay: (request: ReplayRequest) => Promise<QuarantineSettled>
    readonly discard: (request: DiscardRequest) => Promise<QuarantineSettled>
  }
}
