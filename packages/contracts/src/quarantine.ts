import { z } from 'zod'
import { PersonName, WrittenReason } from './plain-text.ts'

/** Causes of a quarantine: our own consumers', then the broker's, then none. */
export const quarantineCauses = [
  'INVALID',
  'UNREADABLE',
  'WRONG_PARTITION',
  'OPERATION_FAILED',
  'ANOTHER_SALE',
  'HANDLER_FAILED',
  'RETRIES_EXHAUSTED',
  'DELIVERY_LIMIT',
  'REJECTED',
  'EXPIRED',
  'MAXLEN',
  'UNKNOWN',
] as const
export const QuarantineCause = z.enum(quarantineCauses)
export type QuarantineCause = z.infer<typeof QuarantineCause>

/** `waiting` for a person; both others are a person's decision, and a message that fails again waits again. */
export const quarantineStates = ['waiting', 'replayed', 'discarded'] as const
export const QuarantineState = z.enum(quarantineStates)
export type QuarantineState = z.infer<typeof QuarantineState>

export const QuarantineId = z.string().regex(/^[0-9a-f]{32}$/)

/** A message as lists show it: without its body, numbers of telephones masked. */
export const QuarantineRow = z.strictObject({
  id: QuarantineId,
  state: QuarantineState,
  cause: QuarantineCause,
  detail: z.string(),
  /** The queue it was taken from, and to which it is replayed. */
  queue: z.string(),
  type: z.string(),
  messageId: z.string(),
  correlationId: z.string(),
  merchant: z.string().nullable(),
  partition: z.int().nonnegative().nullable(),
  /** Tries of its handling before it was dead-lettered. */
  attempts: z.int().positive(),
  bytes: z.int().nonnegative(),
  firstFailureAt: z.iso.datetime().nullable(),
  firstSeenAt: z.iso.datetime(),
  lastSeenAt: z.iso.datetime(),
  /** Its arrivals here, and its replays. */
  arrivals: z.int().positive(),
  replays: z.int().nonnegative(),
})
export type QuarantineRow = z.infer<typeof QuarantineRow>

export const QuarantineAction = z.strictObject({
  at: z.iso.datetime(),
  by: z.string(),
  action: z.enum(['replay', 'replay-failed', 'discard']),
  detail: z.string().nullable(),
})
export type QuarantineAction = z.infer<typeof QuarantineAction>

/** One message with all there is of it. */
export const QuarantineMessage = z.strictObject({
  ...QuarantineRow.shape,
  headers: z.record(z.string(), z.unknown()),
  /** As text where it is one, else in base64. */
  body: z.strictObject({ encoding: z.enum(['utf8', 'base64']), text: z.string() }),
  /** Longer than any message of ours: only its beginning is kept, so it cannot be replayed. */
  isCut: z.boolean(),
  /** The predicted effect of a replay, if known. */
  note: z.string().nullable(),
  actions: z.array(QuarantineAction),
})
export type QuarantineMessage = z.infer<typeof QuarantineMessage>

/** Messages that one look may settle together. */
export const QuarantineGroup = z.strictObject({
  cause: QuarantineCause,
  type: z.string(),
  queue: z.string(),
  count: z.int().positive(),
  oldest: z.iso.datetime(),
  newest: z.iso.datetime(),
})
export type QuarantineGroup = z.infer<typeof QuarantineGroup>
export const QuarantineGroups = z.array(QuarantineGroup)
export type QuarantineGroups = z.infer<typeof QuarantineGroups>

const Filter = z.strictObject({
  cause: QuarantineCause.optional(),
  type: z.string().max(200).optional(),
  queue: z.string().max(200).optional(),
})
export type QuarantineFilter = z.infer<typeof Filter>

export const quarantinePageMax = 200

export const QuarantineQuery = Filter.extend({
  state: QuarantineState.default('waiting'),
  limit: z.coerce.number().int().min(1).max(quarantinePageMax).default(50),
  /** The last message of the page before. */
  cursor: z
    .string()
    .regex(/^\d{1,16}\.[0-9a-f]{32}$/)
    .optional(),
})
export type QuarantineQuery = z.infer<typeof QuarantineQuery>

/** Oldest first; `next` is the cursor of the page after it. */
export const QuarantinePage = z.strictObject({
  messages: z.array(QuarantineRow),
  next: z.string().nullable(),
})
export type QuarantinePage = z.infer<typeof QuarantinePage>

export const quarantineStepMax = 100
/** A group is counted up to here; past it a count means "at least". */
export const quarantineCountMax = 10_000

/** The messages of an action: named ones, or a group's oldest waiting ones. */
export const QuarantineChoice = z.discriminatedUnion('of', [
  z.strictObject({
    of: z.literal('messages'),
    ids: z.array(QuarantineId).min(1).max(quarantineStepMax),
  }),
  z.strictObject({
    of: z.literal('group'),
    filter: Filter,
    /** Only earlier arrivals: a message that fails again is not taken again by the same command. */
    before: z.iso.datetime(),
    limit: z.int().min(1).max(quarantineStepMax),
    /** The size of the group that the person saw: where it is another by now, nothing is done. */
    expected: z.int().positive().optional(),
  }),
])
export type QuarantineChoice = z.infer<typeof QuarantineChoice>

const act = { by: PersonName, choice: QuarantineChoice, dryRun: z.boolean() }
export const ReplayRequest = z.strictObject({ ...act, reason: WrittenReason.optional() })
export type ReplayRequest = z.infer<typeof ReplayRequest>
export const DiscardRequest = z.strictObject({ ...act, reason: WrittenReason })
export type DiscardRequest = z.infer<typeof DiscardRequest>

/** `left`: nothing changed, for the reason in `note`. With a dry run everything is left that would not be. */
export const quarantineOutcomes = ['done', 'would-be-done', 'left'] as const
export const QuarantineResult = z.strictObject({
  id: QuarantineId,
  type: z.string(),
  messageId: z.string(),
  queue: z.string(),
  outcome: z.enum(quarantineOutcomes),
  note: z.string().nullable(),
})
export type QuarantineResult = z.infer<typeof QuarantineResult>
export const QuarantineResults = z.strictObject({
  results: z.array(QuarantineResult),
  /** Waiting messages of the group after this step; 0 for named messages. */
  remaining: z.int().nonnegative(),
})
export type QuarantineResults = z.infer<typeof QuarantineResults>

/** Another number of messages waits than the person saw; nothing was done. */
export const QuarantineSizeDiffers = z.strictObject({
  code: z.literal('SIZE_DIFFERS'),
  detail: z.string(),
  waiting: z.int().nonnegative(),
})
export type QuarantineSizeDiffers = z.infer<typeof QuarantineSizeDiffers>
export const QuarantineSettled = z.union([QuarantineResults, QuarantineSizeDiffers])
export type QuarantineSettled = z.infer<typeof QuarantineSettled>
