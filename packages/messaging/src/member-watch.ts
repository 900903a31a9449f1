import type { Channel, ChannelModel } from 'amqplib'
import { pause } from '@recargas/runtime'
import { within } from './timing.ts'

/** A question that a member of a cluster answers only together with a majority. */
export type MajorityQuestion = (channel: Channel) => Promise<unknown>

type Watched = {
  readonly model: ChannelModel
  readonly question: MajorityQuestion
  /** The other members, with all that a connection needs. */
  readonly connectToOthers: readonly (() => Promise<ChannelModel>)[]
  /** Members are not asked while it says so. */
  readonly isBlocked: () => boolean
  readonly leave: (reason: string) => void
  readonly signal: AbortSignal
}

const askEveryMs = 1_000
const answerTimeoutMs = 2_000

/**
 * Leaves a member that no longer answers for its cluster, once another one does. A member that is cut off from the others keeps
 * its connections, confirms nothing and delivers nothing; while the cluster elects, no member answers, and moving would not help.
 */
export const watchMember = async (watched: Watched): Promise<void> => {
  const { model, question, connectToOthers, isBlocked, leave, signal } = watched
  const hasEnded = () => signal.aborted
  while (!hasEnded()) {
    await pause(askEveryMs, signal)
    if (hasEnded() || isBlocked() || (await answers(model, question))) continue
    const asked = connectToOthers.map((open) => answersAnew(open, question))
    const isAnswered = await Promise.any(asked).catch(() => false)
    if (isAnswered && !hasEnded()) leave('it does not answer for the cluster, and another does')
  }
}

const answers = (model: ChannelModel, question: MajorityQuestion): Promise<boolean> => {
  const asking = async () => {
    const channel = await model.createChannel()
    channel.on('error', () => undefined)
    await question(channel)
    await channel.close()
  }
  return within(asking(), answerTimeoutMs, 'an answer for the cluster').then(
    () => true,
    () => false,
  )
}

/** @throws where the member does not answer */
const answersAnew = async (
  open: () => Promise<ChannelModel>,
  question: MajorityQuestion,
): Promise<true> => {
  const opening = open()
  // A connection that comes too late is closed as well.
  const closed = opening.then((model) => {
    model.on('error', () => undefined)
    return model
  })
  try {
    const model = await within(closed, answerTimeoutMs, 'a connection')
    if (await answers(model, question)) return true
    throw new Error('it does not answer either')
  } finally {
    void closed.then((model) => model.close()).catch(() => undefined)
  }
}
