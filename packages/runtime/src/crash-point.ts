import { z } from 'zod'

/**
 * The points between two durable effects where a test may kill a service; each text names the last effect done and the next one
 * missing.
 */
export const crashPoints = {
  gateway: {
    'before-publish': 'a command is made, none of it has left',
    'after-confirm': 'the broker has the command, nothing is known of it',
    'ledger-asked': 'the ledger has answered a question, the answer is not used',
    'outcome-heard': 'the ledger has published the outcome, no request here has it',
    'before-answer': 'the outcome is known here, the POS has no answer',
  },
  ledger: {
    delivered: 'a message is parsed, its writer does not have it',
    'birth-appended': 'the birth of the log is appended, nothing else is',
    'takeover-built': 'a takeover is made, it is not appended',
    'takeover-appended': 'the partition is taken over, its state is not read',
    'position-read': 'a position of a projection is read, its documents are not',
    'state-read': 'the state is read, nothing is written',
    'looked-up': 'operations and sales are looked up, no block is made of them',
    'block-built': 'a block is made, it is not appended',
    'block-appended': 'the block is durable, its reply has not arrived',
    'acked-unsent': 'the message is acknowledged, the carrier’s job has not left',
    'jobs-unsent': 'the block is durable, none of its messages has left',
    'jobs-confirmed': 'the broker has the jobs, the message is perhaps not acknowledged',
    'before-ack': 'all is done for a message but its acknowledgement',
    'projection-unwritten': 'a group of a projection is made, none of it is written',
    'projection-written': 'the documents of a group are written, the position stands before it',
    'position-moved': 'a position of a projection is moved, its reply has not arrived',
    'held-found': 'held sales without progress are found, none is asked about',
    'held-asked': 'held sales without progress are asked about',
    'reconcile-leased': 'the right to reconcile is taken, nothing is read',
    'reconcile-counted': 'the carrier’s balance is compared, nothing is kept',
    'reconcile-kept': 'the run is kept, its difference is not said',
    'mismatch-said': 'the mismatch is published, its record still waits',
  },
  adapter: {
    'job-taken': 'a job is parsed, nothing is recorded',
    'never-recorded': 'that nothing will be sent is recorded, it is not said',
    'before-attempt-recorded':
      'the carrier’s circuit has admitted a sale, its attempt is not recorded',
    'after-attempt-recorded': 'the attempt is recorded, its request is not made',
    'before-socket': 'the lease is checked, the request has not left',
    'after-call': 'the carrier has answered, the answer is not recorded',
    'after-answer-recorded': 'the answer is recorded, whether it is said is open',
    'before-verdict-published': 'a verdict is made, it has not left',
    'after-verdict-published': 'the broker has the verdict, its job is not acknowledged',
    'before-ack': 'all is done for a job but its acknowledgement',
    'repeat-due': 'a sale is due for its next look, nothing is done',
    'repeat-recorded': 'a further attempt is recorded, its request is not made',
    'step-recorded': 'a step of the schedule is recorded, it is not said',
    'step-said': 'a step of the schedule is said, that it is said is not recorded',
    'close-recorded': 'a sale is closed to attempts, the ledger does not know',
    'close-said': 'the broker has the word that a sale is closed, its job is not acknowledged',
  },
} as const
export type CrashableService = keyof typeof crashPoints
export type CrashPoint<Service extends CrashableService> = keyof (typeof crashPoints)[Service] &
  string

/** A point, and at which passing of it the process dies. */
export type CrashAt<Point extends string> = { readonly point: Point; readonly passing: number }

const passingMax = 10_000

/** CRASH_AT: a point's name, and ":n" where not the first passing of it is meant. */
export const crashAtSetting = <Service extends CrashableService>(service: Service) =>
  z
    .string()
    .transform((text, context): CrashAt<CrashPoint<Service>> => {
      const [point = '', count = '1', ...more] = text.split(':')
      const passing = Number(count)
      const isKnown = Object.hasOwn(crashPoints[service], point) && more.length === 0
      if (isKnown && Number.isInteger(passing) && passing >= 1 && passing <= passingMax) {
        return { point: point as CrashPoint<Service>, passing }
      }
      context.addIssue({ code: 'custom', message: 'not a crash point of this service' })
      return z.NEVER
    })
    .optional()

/** For `refine`: only a test may kill a service. */
export const crashesInTestsOnly: [
  (settings: { readonly NODE_ENV: string; readonly CRASH_AT?: unknown }) => boolean,
  { path: string[]; error: string },
] = [
  ({ NODE_ENV, CRASH_AT }) => NODE_ENV !== 'production' || CRASH_AT === undefined,
  { path: ['CRASH_AT'], error: 'is refused in production' },
]

export type Crashing<Point extends string> = {
  /** Dies where it is asked to, as a power cut would: no handler runs, nothing is flushed. */
  readonly pass: (point: Point) => void
  /** Wraps a call so that each one that succeeds passes the point. */
  readonly after: <Args extends readonly unknown[], Result>(
    point: Point,
    call: (...args: Args) => Promise<Result>,
  ) => (...args: Args) => Promise<Result>
  /** Runs the work, or dies a moment later in its place, once the parallel work has ended. */
  readonly passLate: (point: Point, work: () => void) => void
}

const besideMs = 250
const die = (): void => void process.kill(process.pid, 'SIGKILL')

/** @param crashAt undefined: nothing ever happens here */
export const createCrashing = <Point extends string>(
  crashAt: CrashAt<Point> | undefined,
): Crashing<Point> => {
  let passings = 0
  const isHere = (point: Point): boolean => {
    if (point !== crashAt?.point) return false
    passings += 1
    return passings === crashAt.passing
  }
  const pass = (point: Point): void => {
    if (isHere(point)) die()
  }
  return {
    pass,
    after:
      (point, call) =>
      async (...args) => {
        const result = await call(...args)
        pass(point)
        return result
      },
    passLate: (point, work) => {
      if (isHere(point)) setTimeout(die, besideMs)
      else work()
    },
  }
}
