import type { LedgerEvent, MerchantId } from '@recargas/contracts'
import type { LiveSink, Principal } from '../api/route.ts'
import type { Clock } from '../commands/send-and-await.ts'
import { isFor, notificationsOf, type ShopNotification } from './shop-notification.ts'

/** Notifications of one shop wait so long for each other: one write to each reader, however much is sold. */
const coalesceMs = 200
const checkEveryMs = 2_000
const checksPerHeartbeat = 5
/** Notifications kept for readers that come back. */
const keptMax = 128
/** More at once say only that the reader has to read again. */
const burstMax = 64
const backlogBytesMax = 65_536
const streamsPerPersonMax = 20
/** Shops that nobody listens to any more; the one without a reader for longest is forgotten. */
const quietShopsMax = 100

export const dropReasons = ['slow', 'full', 'token'] as const
export type DropReason = (typeof dropReasons)[number]

type Deps = {
  readonly clock: Clock
  readonly streamsMax: number
  /** Tells the numbering of a shop's notifications from any other, of this process and of others. */
  readonly newEpoch: () => string
  readonly reportDropped: (reason: DropReason) => void
}

export type NotificationStreams = {
  readonly receive: (event: LedgerEvent) => void
  readonly isFull: (principal: Principal) => boolean
  /** @returns a function that forgets the reader */
  readonly open: (reader: Reader) => () => void
  readonly count: () => number
  /** Ends every stream, so that its reader goes to another gateway. */
  readonly stop: () => void
}

export type Reader = {
  readonly principal: Principal
  readonly sink: LiveSink
  /** The last notification that it has read. */
  readonly lastId: string | undefined
  readonly isTokenGood: () => boolean
}

type Kept = {
  readonly sequence: number
  readonly notification: ShopNotification
  readonly text: string
}
type Shop = {
  readonly epoch: string
  sequence: number
  readonly kept: Kept[]
  pending: Kept[]
  readonly readers: Set<Reader>
}

/** One message of a stream; the JSON of `data` is one line. */
export const messageOf = (id: string, event: string, data: object): string =>
  `id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`

const readAgain = ({ epoch, sequence }: Shop): string =>
  messageOf(`${epoch}-${sequence}`, 'releer', {})
const ending = (reason: 'token' | 'cierre'): string =>
  `event: fin\ndata: {"motivo":"${reason}"}\n\n`
const heartbeat = ':\n\n'

/**
 * The open streams of this gateway. Each gateway hears every outcome of the ledger, so a shop's readers may listen to any.
 */
export const createNotificationStreams = (deps: Deps): NotificationStreams => {
  const { clock, streamsMax, newEpoch, reportDropped } = deps
  const shops = new Map<MerchantId, Shop>()
  const readers = new Set<Reader>()
  let isStopped = false
  let cancelFlush: (() => void) | null = null
  let cancelCheck: (() => void) | null = null
  let checks = 0

  const shopOf = (merchant: MerchantId): Shop => {
    const known = shops.get(merchant)
    if (known !== undefined) return known
    const shop: Shop = { epoch: newEpoch(), sequence: 0, kept: [], pending: [], readers: new Set() }
    shops.set(merchant, shop)
    return shop
  }
  const forget = (reader: Reader): void => {
    const { merchant } = reader.principal
    const shop = shops.get(merchant)
    if (!readers.delete(reader) || shop === undefined) return
    shop.readers.delete(reader)
    if (readers.size === 0) {
      cancelCheck?.()
      cancelCheck = null
    }
    if (shop.readers.size > 0) return
    shop.pending = []
    // The last one of the map is the one left last.
    shops.delete(merchant)
    shops.set(merchant, shop)
    const quiet = [...shops].filter(([, each]) => each.readers.size === 0)
    const [oldest] = quiet[0] ?? []
    if (quiet.length > quietShopsMax && oldest !== undefined) shops.delete(oldest)
  }
  const write = (reader: Reader, text: string): void => {
    if (text === '') return
    if (reader.sink.backlogBytes() <= backlogBytesMax) {
      reader.sink.write(text)
      return
    }
    reportDropped('slow')
    forget(reader)
    reader.sink.cut()
  }
  const end = (reader: Reader, text: string): void => {
    forget(reader)
    reader.sink.end(text)
  }
  const flush = (): void => {
    cancelFlush?.()
    cancelFlush = null
    for (const shop of shops.values()) {
      const { pending } = shop
      if (pending.length === 0) continue
      shop.pending = []
      const textFor = textOf(shop, pending)
      for (const reader of [...shop.readers]) write(reader, textFor(reader.principal))
    }
  }
  const check = (): void => {
    checks += 1
    for (const reader of [...readers]) {
      if (!reader.isTokenGood()) {
        reportDropped('token')
        end(reader, ending('token'))
      } else if (checks % checksPerHeartbeat === 0) write(reader, heartbeat)
    }
    cancelCheck = readers.size === 0 ? null : clock.after(checkEveryMs, check)
  }
  return {
    receive: (event) => {
      const shop = shops.get(event.data.merchant)
      if (shop === undefined) return
      for (const notification of notificationsOf(event)) keep(shop, notification)
      if (shop.pending.length > 0) cancelFlush ??= clock.after(coalesceMs, flush)
    },
    isFull: ({ merchant, userId }) => {
      const own = [...(shops.get(merchant)?.readers ?? [])].filter(
        ({ principal }) => principal.userId === userId,
      )
      const isFull = isStopped || readers.size >= streamsMax || own.length >= streamsPerPersonMax
      if (isFull) reportDropped('full')
      return isFull
    },
    open: (reader) => {
      const shop = shopOf(reader.principal.merchant)
      // So that none of those waiting is among the missed ones and comes again.
      flush()
      const missed = missedSince(shop, reader.lastId)
      reader.sink.write(
        missed === null ? readAgain(shop) : textOf(shop, missed)(reader.principal) || heartbeat,
      )
      readers.add(reader)
      shop.readers.add(reader)
      cancelCheck ??= clock.after(checkEveryMs, check)
      return () => forget(reader)
    },
    count: () => readers.size,
    stop: () => {
      isStopped = true
      cancelFlush?.()
      cancelCheck?.()
      for (const reader of [...readers]) end(reader, ending('cierre'))
    },
  }
}

const keep = (shop: Shop, notification: ShopNotification): void => {
  shop.sequence += 1
  const { epoch, sequence, kept, pending, readers } = shop
  const text = messageOf(`${epoch}-${sequence}`, notification.event, notification.data)
  const last = { sequence, notification, text }
  kept.push(last)
  if (kept.length > keptMax) kept.shift()
  if (readers.size > 0 && pending.length <= burstMax) pending.push(last)
}

/** The text of notifications for a reader, made once for all where each concerns the whole shop. */
const textOf = (shop: Shop, kept: readonly Kept[]): ((principal: Principal) => string) => {
  const written = (some: readonly Kept[]) => some.map(({ text }) => text).join('')
  if (kept.length > burstMax) {
    const again = readAgain(shop)
    return () => again
  }
  if (kept.every(({ notification }) => notification.owner === undefined)) {
    const shared = written(kept)
    return () => shared
  }
  return (principal) => written(kept.filter(({ notification }) => isFor(notification, principal)))
}

/** Null where some may be missing: another numbering, or one that reaches back further than is kept. */
const missedSince = (shop: Shop, lastId: string | undefined): readonly Kept[] | null => {
  const [epoch, number] = (lastId ?? '').split('-')
  const last = /^\d{1,15}$/.test(number ?? '') ? Number(number) : null
  if (last === null || epoch !== shop.epoch || last > shop.sequence) return null
  if (last < shop.sequence - shop.kept.length) return null
  return shop.kept.filter(({ sequence }) => sequence > last)
}
