import type { Duplex } from 'node:stream'
import type { Channel, ChannelModel } from 'amqplib'
import { within } from './timing.ts'

/** An end that the broker does not answer within this time is made without it. */
export const closeTimeoutMs = 2_000

/** Closes the connection properly if the broker still answers; in any case nothing of it is left afterwards. */
export const endConnection = async (model: ChannelModel, timeoutMs: number): Promise<void> => {
  await within(closeFully(model), timeoutMs, 'closing the connection').catch(() => undefined)
  cut(model, 'closed')
}

/** Closes a channel, or the connection where the broker does not even answer to that any more. Never rejects. */
export const closeChannel = async (
  link: { readonly drop: (model: ChannelModel, reason: string) => void },
  model: ChannelModel,
  channel: Channel,
): Promise<void> => {
  await within(closeFully(channel), closeTimeoutMs, 'closing a channel', (reason) =>
    link.drop(model, reason),
  ).catch(() => undefined)
}

/** amqplib's close() never ends where the connection goes first; its event always comes. */
const closeFully = (closed: ChannelModel | Channel): Promise<void> =>
  Promise.race([new Promise<void>((resolve) => closed.once('close', resolve)), closed.close()])

/** amqplib only half-closes its socket, so a peer that is gone would hold it, and this process, for minutes. */
export const cut = (model: ChannelModel, reason: string): void => {
  socketOf(model).destroy(new Error(reason))
}

export const socketOf = (model: ChannelModel): Duplex =>
  (model.connection as unknown as { readonly stream: Duplex }).stream
