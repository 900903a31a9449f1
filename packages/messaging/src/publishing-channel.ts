import { pause } from '@recargas/runtime'
import type { ChannelModel, ConfirmChannel } from 'amqplib'
import { closeChannel } from './close-connection.ts'
import type { Link, Log } from './link.ts'
import { backoffMs, within } from './timing.ts'

type Keeping = {
  readonly link: Link
  readonly log: Log
  readonly reconnectMsMax: number
  /** Ends the keeping. */
  readonly signal: AbortSignal
  /** @param abandon ends the channel, for a new one to follow */
  readonly onOpened: (channel: ConfirmChannel, abandon: (reason: string) => void) => void
  /** The channel takes no further write: the broker's reply to it would never arrive. */
  readonly onAbandoned: () => void
  /** A message came back because no queue wanted it; its confirm follows. */
  readonly onReturned: (headers: Readonly<Record<string, unknown>>, replyText: string) => void
  readonly onEnded: (reason: string) => void
}

const channelTimeoutMs = 5_000

/** Keeps one confirm channel open, whatever happens to channels and connections, until the signal. */
export const keepPublishingChannel = async (keeping: Keeping): Promise<void> => {
  const { link, log, signal, reconnectMsMax } = keeping
  let failures = 0
  let wasClosedByBroker = false
  for (;;) {
    const model = await link.up(signal)
    if (model === null) return
    try {
      // The broker most likely closed the channel because an exchange is gone.
      if (wasClosedByBroker) await link.repair(model)
      const served = await serveChannel(keeping, model)
      failures = 0
      wasClosedByBroker = served.isError
      if (!signal.aborted) log.warn('publishing channel ended', { reason: served.reason })
    } catch (error) {
      failures += 1
      log.warn('publishing channel cannot be opened', { error: String(error) })
      link.drop(model, 'no publishing channel')
    }
    await pause(backoffMs(failures, reconnectMsMax), signal)
  }
}

type Served = { readonly reason: string; readonly isError: boolean }

/** Opens a channel and leaves it to the publisher until it ends. */
const serveChannel = async (
  { link, onOpened, onAbandoned, onReturned, onEnded }: Keeping,
  model: ChannelModel,
): Promise<Served> => {
  const channel = await within(model.createConfirmChannel(), channelTimeoutMs, 'opening a channel')
  let end: (served: Served) => void = () => undefined
  const served = new Promise<Served>((resolve) => {
    end = resolve
  })
  const abandon = (reason: string): void => {
    onAbandoned()
    end({ reason, isError: false })
  }
  channel.on('error', (error) => end({ reason: String(error), isError: true }))
  channel.on('handler-error', (error) => abandon(String(error)))
  channel.on('close', () => end({ reason: 'closed', isError: false }))
  channel.on('return', ({ fields, properties }) =>
    onReturned(properties.headers ?? {}, replyTextOf(fields)),
  )
  onOpened(channel, abandon)
  const ended = await served
  onEnded(ended.reason)
  // When the broker does not even close a channel any more, only a new connection helps.
  void closeChannel(link, model, channel)
  return ended
}

const replyTextOf = (fields: object): string =>
  'replyText' in fields && typeof fields.replyText === 'string' ? fields.replyText : 'returned'
