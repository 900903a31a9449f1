import type { CrashableService, CrashPoint } from '@recargas/runtime'
import type { Environment } from '@recargas/stack/service-process'

/** The actions that lead to a crash point. */
export type Drive = {
  readonly sales:
    /** Sales that the carrier answers at once. */
    | 'plain'
    /** Sales that it answers late, so that other services ask about them meanwhile. */
    | 'slow'
    /** Sales that it answers as in progress, so that they are asked about again. */
    | 'in-progress'
    /** Pressed while the service is away, past their deadline when it is back. */
    | 'late'
    /** No action: the work left by earlier points reaches it. */
    | 'none'
  /** The action of a person, the carrier or a database administrator beforehand. */
  readonly first?: 'decide' | 'carrier-balance-moves' | 'a-partition-is-new'
  /** A process passes the point only once, so the second hit is at a first passing too. */
  readonly isOncePerProcess?: true
  readonly env?: Environment
}

/** The crash point's argument: first at its first passing, then at its second one. */
export const crashAtOf = (point: string, { isOncePerProcess }: Drive, time: number): string =>
  time === 1 || isOncePerProcess === true ? point : `${point}:${time}`

const plain: Drive = { sales: 'plain' }
const slow: Drive = { sales: 'slow' }
const inProgress: Drive = { sales: 'in-progress' }
const often: Environment = { RECONCILE_EVERY_MS: '300' }

/**
 * Every crash point of every service, in the order in which they are hit: a process that recovers from one dies at
 * the next.
 */
export const plan: {
  readonly [Service in CrashableService]: Readonly<Record<CrashPoint<Service>, Drive>>
} = {
  gateway: {
    'before-publish': plain,
    'after-confirm': plain,
    'ledger-asked': slow,
    'outcome-heard': plain,
    'before-answer': plain,
  },
  ledger: {
    delivered: plain,
    'birth-appended': { sales: 'none', first: 'a-partition-is-new', isOncePerProcess: true },
    'takeover-built': plain,
    'takeover-appended': plain,
    'position-read': plain,
    'state-read': plain,
    'looked-up': plain,
    'block-built': plain,
    'block-appended': plain,
    'jobs-unsent': plain,
    // The repeater must not run before the crash.
    'acked-unsent': { sales: 'plain', env: { SWEEP_BACKOFF_MS_MIN: '60000' } },
    'jobs-confirmed': plain,
    'before-ack': plain,
    'projection-unwritten': plain,
    'projection-written': plain,
    'position-moved': plain,
    'held-found': slow,
    'held-asked': slow,
    'reconcile-leased': { sales: 'none', env: often },
    'reconcile-counted': { sales: 'none', env: often },
    'reconcile-kept': {
      sales: 'none',
      first: 'carrier-balance-moves',
      isOncePerProcess: true,
      env: often,
    },
    // The run of the point before has stored a difference and died.
    'mismatch-said': { sales: 'none', isOncePerProcess: true },
  },
  adapter: {
    'job-taken': plain,
    'before-attempt-recorded': plain,
    'after-attempt-recorded': plain,
    'before-socket': plain,
    'after-call': plain,
    'before-verdict-published': plain,
    'after-answer-recorded': plain,
    'after-verdict-published': plain,
    'before-ack': plain,
    'never-recorded': {
      sales: 'late',
      isOncePerProcess: true,
      env: { SEND_DEADLINE_MS: '1000' },
    },
    'repeat-due': inProgress,
    'repeat-recorded': inProgress,
    'step-recorded': inProgress,
    'step-said': inProgress,
    'close-recorded': { sales: 'none', first: 'decide', isOncePerProcess: true },
    // The job is redelivered until it is acknowledged.
    'close-said': { sales: 'none', isOncePerProcess: true },
  },
}
