import {
  quarantineCountMax,
  type QuarantineCause,
  type QuarantineFilter,
  type QuarantineGroup,
  type QuarantinePage,
  type QuarantineQuery,
} from '@recargas/contracts'
import type mongoose from 'mongoose'
import type { StoredDeadLetter } from '../quarantine/dead-letter.ts'
import type { QuarantineDepths, QuarantineStore } from '../quarantine/ports.ts'
import { rowOf } from '../quarantine/quarantine-view.ts'
import { isDuplicate } from './server-errors.ts'
import type { LedgerModels } from './models.ts'
import {
  actionId,
  actionIdsOf,
  groupIndex,
  oldestFirst,
  quarantinedOf,
  type QuarantineActionDocument,
  type QuarantineDocument,
} from './quarantine-model.ts'

const timeoutMs = 5_000
const groupsMax = 200
const actionsMax = 200

type Models = { readonly models: LedgerModels }

/** Stores the messages that no consumer could process. */
export const createQuarantineStore = ({ models }: Models): QuarantineStore => {
  const { quarantine, quarantineActions: actions } = models
  return {
    keep: (letter, at) => keep(quarantine, letter, at),
    find: async (id) => {
      const found = await quarantine.findById(id).maxTimeMS(timeoutMs).lean<QuarantineDocument>()
      return found === null ? null : quarantinedOf(found)
    },
    waiting: async (filter, before, limit) => {
      const found = await quarantine
        .find(waitingOf(filter, before))
        .maxTimeMS(timeoutMs)
        .sort(oldestFirst)
        .limit(limit)
        .lean<QuarantineDocument[]>()
      return found.map(quarantinedOf)
    },
    countWaiting: (filter, before) =>
      quarantine.countDocuments(waitingOf(filter, before), {
        limit: quarantineCountMax,
        maxTimeMS: timeoutMs,
      }),
    page: (query) => pageOf(quarantine, query),
    groups: (state) => groupsOf(quarantine, state),
    actionsOf: async (message) => {
      const found = await actions
        .find({ _id: actionIdsOf(message) })
        .maxTimeMS(timeoutMs)
        .sort({ _id: -1 })
        .limit(actionsMax)
        .lean<QuarantineActionDocument[]>()
      return found
        .reverse()
        .map(({ at, by, action, detail }) => ({ at: at.toISOString(), by, action, detail }))
    },
    audit: async (message, { at, ...action }) => {
      await actions.create({ _id: actionId(message, at), message, at: new Date(at), ...action })
    },
    replayed: async ({ id, arrivals }, replay, at) => {
      await quarantine.updateOne({ _id: id }, { $max: { replays: replay } })
      await quarantine.updateOne(
        { _id: id, arrivals },
        { $set: { state: 'replayed', settledAt: at } },
      )
    },
    discarded: async ({ id, arrivals }, at) => {
      const { matchedCount } = await quarantine.updateOne(
        { _id: id, arrivals, state: 'waiting' },
        { $set: { state: 'discarded', settledAt: at } },
      )
      return matchedCount === 1
    },
  }
}

const pageOf = async (
  quarantine: LedgerModels['quarantine'],
  { limit, cursor, state, ...filter }: QuarantineQuery,
): Promise<QuarantinePage> => {
  const found = await quarantine
    .find({ state, ...chosen(filter), ...after(cursor) })
    .maxTimeMS(timeoutMs)
    .select({ body: 0, headers: 0 })
    .sort(oldestFirst)
    .limit(limit + 1)
    .lean<Omit<QuarantineDocument, 'body' | 'headers'>[]>()
  const shown = found.slice(0, limit)
  const last = shown.at(-1)
  return {
    messages: shown.map(({ _id, ...rest }) => rowOf({ id: _id, ...rest })),
    next:
      found.length > limit && last !== undefined
        ? `${last.firstSeenAt.getTime()}.${last._id}`
        : null,
  }
}

const groupsOf = async (
  quarantine: LedgerModels['quarantine'],
  state: string,
): Promise<readonly QuarantineGroup[]> => {
  const found = await quarantine
    .aggregate<Grouped>(groupStages(state))
    .option({ maxTimeMS: timeoutMs, hint: groupIndex })
  return found.map(({ _id, count, oldest, newest }) => ({
    ..._id,
    count,
    oldest: oldest.toISOString(),
    newest: newest.toISOString(),
  }))
}

const keep = async (
  quarantine: LedgerModels['quarantine'],
  { id, body, replay, queue, messageId, bytes, isCut, ...letter }: StoredDeadLetter,
  at: Date,
): Promise<void> => {
  try {
    await quarantine.updateOne(
      // A message replayed since is not matched, and its insertion meets the existing document.
      { _id: id, replays: { $lte: replay } },
      {
        $set: { ...letter, state: 'waiting', lastSeenAt: at },
        $setOnInsert: { queue, messageId, bytes, isCut, body, firstSeenAt: at, replays: 0 },
        $inc: { arrivals: 1 },
        $unset: { settledAt: '' },
      },
      { upsert: true },
    )
  } catch (error) {
    if (!isDuplicate(error)) throw error
    // Two copies may also come at once; then the document is there now, and this one is an arrival more.
    const found = await quarantine.findById(id).select({ replays: 1 }).lean()
    if (found !== null && found.replays <= replay) throw error
  }
}

type Filter = mongoose.QueryFilter<QuarantineDocument>

const waitingOf = (filter: QuarantineFilter, before: Date): Filter => ({
  state: 'waiting',
  ...chosen(filter),
  lastSeenAt: { $lte: before },
})

/** Omits undefined fields: MongoDB would match them as null. */
const chosen = ({ cause, type, queue }: QuarantineFilter): Filter => ({
  ...(cause === undefined ? {} : { cause }),
  ...(type === undefined ? {} : { type }),
  ...(queue === undefined ? {} : { queue }),
})

const after = (cursor: string | undefined): Filter => {
  if (cursor === undefined) return {}
  const [time = '', id = ''] = cursor.split('.')
  const at = new Date(Number(time))
  return { $or: [{ firstSeenAt: { $gt: at } }, { firstSeenAt: at, _id: { $gt: id } }] }
}

type Grouped = Pick<QuarantineGroup, 'count'> & {
  readonly _id: Pick<QuarantineGroup, 'cause' | 'type' | 'queue'>
  readonly oldest: Date
  readonly newest: Date
}

const groupStages = (state: string): mongoose.PipelineStage[] => [
  { $match: { state } },
  {
    $group: {
      _id: { cause: '$cause', type: '$type', queue: '$queue' },
      count: { $sum: 1 },
      oldest: { $min: '$firstSeenAt' },
      newest: { $max: '$firstSeenAt' },
    },
  },
  { $sort: { count: -1, oldest: 1 } },
  { $limit: groupsMax },
]

/** Counts the waiting messages by cause, from an index alone. */
export const createQuarantineDepths =
  ({ models: { quarantine } }: Models) =>
  async (): Promise<QuarantineDepths> => {
    const counted = await quarantine
      .aggregate<{ readonly _id: QuarantineCause; readonly count: number }>([
        { $match: { state: 'waiting' } },
        { $limit: quarantineCountMax },
        { $group: { _id: '$cause', count: { $sum: 1 } } },
      ])
      .option({ maxTimeMS: timeoutMs, hint: groupIndex })
    const oldest = await quarantine
      .findOne({ state: 'waiting' })
      .select({ firstSeenAt: 1 })
      .sort(oldestFirst)
      .maxTimeMS(timeoutMs)
      .lean<Pick<QuarantineDocument, 'firstSeenAt'>>()
    return {
      depths: new Map(counted.map(({ _id, count }) => [_id, count])),
      oldestAt: oldest?.firstSeenAt.getTime() ?? null,
    }
  }
