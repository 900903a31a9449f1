import type { CrashableService, CrashPoint } from '@recargas/service'
import type { Environment } from '../stack/service-process.ts'

/** How a point is reached. */
export type Drive = {
  readonly sales:
    /** Sales that the carrier answers at once. */
    | 'plain'
    /** Sales that it answers late, so that the others grow impatient. */
    | 'slow'
    /** Sales that it answers as in progress, so that they are asked about again. */
    | 'in-progress'
    /** Pressed while the service is away, past their deadline when it is back. */
    | 'late'
    /** None: what is left by earlier points leads there. */
    | 'none'
  /** What a person or the carrier does first. */
  readonly first?: 'decide' | 'carrier-balance-moves'
  readonly env?: Environment
}

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
    'owner-ended': plain,
    'epoch-raised': plain,
    'state-read': plain,
    'batch-prepared': plain,
    'state-written': plain,
    'batch-written': plain,
    'batch-committed': plain,
    'jobs-unsent': plain,
    // Its own sweeper must not be faster than its end.
    'acked-unsent': { sales: 'plain', env: { SWEEP_OUTBOX_AGE_MS: '60000' } },
    // Both find what the one before them has left.
    'sweep-found': plain,
    'sweep-sent': plain,
    'jobs-confirmed': plain,
    'outbox-forgotten': plain,
    'before-ack': plain,
    'held-found': slow,
    'held-asked': slow,
    'reconcile-leased': { sales: 'none', env: often },
    'reconcile-counted': { sales: 'none', env: often },
    'reconcile-kept': { sales: 'none', first: 'carrier-balance-moves', env: often },
    // The run before it has kept a difference and died.
    'mismatch-said': { sales: 'none' },
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
    'never-recorded': { sales: 'late', env: { SEND_DEADLINE_MS: '1000' } },
    'repeat-due': inProgress,
    'repeat-recorded': inProgress,
    'step-recorded': inProgress,
    'step-said': inProgress,
    'close-recorded': { sales: 'none', first: 'decide' },
    // Its job comes again until it is acknowledged.
    'close-said': { sales: 'none' },
  },
}
