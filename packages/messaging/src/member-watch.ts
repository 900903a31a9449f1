import type { Channel, ChannelModel } from 'amqplib'
import { pause } from '@recargas/runtime'
import { within } from './timing.ts'

/** A question that a member of a cluster answers only together with a majority. */
export type MajorityQuestion = (channel: Channel) => Promise<unknown>

type OtherMember = {
  readonly connect: () => Promise<ChannelModel>
  /** Ends such a connection, whether the member answers or not. */
  readonly end: (model: ChannelModel) => Promise<void>
  /** Ends the watched connection; the next one is to this member. */
  readonly moveThere: (reason: string) => void
}

type Watched = {
  readonly model: ChannelModel
  readonly question: MajorityQuestion
  readonly others: readonly OtherMember[]
  /** Members are not asked while it says so. */
  readonly isBlocked: () => boolean
  readonly signal: AbortSignal
}

const askEveryMs = 500
const answerTimeoutMs = 1_500

/**
 * Leaves a member that no longer answers for its cluster, once another one does. A member that is cut off from the others keeps
 * its connections, confirms nothing and delivers nothing; while the cluster elects, no member answers, and moving would not help.
 */
export const watchMember = async (watched: Watched): Promise<void> => {
  const { model, question, others, isBlocked, signal } = watched
  const hasEnded = () => signal.aborted
  while (!hasEnded()) {
    await pause(askEveryMs, signal)
    if (hasEnded() || isBlocked() || (await answers(model, question))) continue
    const asked = others.map((other) => answersAnew(other, question))
    const answering = await Promise.any(asked).catch(() => null)
    if (!hasEnded()) answering?.moveThere('it does not answer for the cluster, and another does')
  }
}

const answers = async (model: ChannelModel, question: MajorityQuestion): Promise<boolean> => {
  const opening = model.createChannel()
  const asking = opening.then((channel) => {
    channel.on('error', () => undefined)
    return question(channel)
  })
  try {
    await within(asking, answerTimeoutMs, 'an answer for the cluster')
    return true
  } catch {
    return false
  } finally {
    // Each question has a channel of its own: an unanswered one must not leave it behind.
    void opening.then((channel) => channel.close()).catch(() => undefined)
  }
}

/** @returns the member. @throws where it does not answer */
const answersAnew = async (
  other: OtherMember,
  question: MajorityQuestion,
): Promise<OtherMember> => {
  const opening = other.connect().then((model) => {
    model.on('error', () => undefined)
    return model
  })
  try {
    const model = await within(opening, answerTimeoutMs, 'a connection')
    if (await answers(model, question)) return other
    throw new Error('it does not answer either')
  } finally {
    // A connection that comes too late is ended as well.
    void opening.then(other.end).catch(() => undefined)
  }
}
