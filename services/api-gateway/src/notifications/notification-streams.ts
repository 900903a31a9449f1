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

type State = {
  readonly deps: Deps
  readonly shops: Map<MerchantId, Shop>
  readonly readers: Set<Reader>
  isStopped: boolean
  cancelFlush: (() => void) | null
  cancelCheck: (() => void) | null
  checks: number
}

/**
 * The open streams of this gateway. Each gateway hears every outcome of the ledger, so a shop's readers may listen to any.
 */
export const createNotificationStreams = (deps: Deps): NotificationStreams => {
  const state: State = {
    deps,
    shops: new Map(),
    readers: new Set(),
    isStopped: false,
    cancelFlush: null,
    cancelCheck: null,
    checks: 0,
  }
  return {
    receive: (event) => {
      receive(state, event)
    },
    isFull: (principal) => {
      const isFull = hasNoRoom(state, principal)
      if (isFull) deps.reportDropped('full')
      return isFull
    },
    open: (reader) => open(state, reader),
    count: () => state.readers.size,
    stop: () => {
      state.isStopped = true
      flush(state)
      for (const reader of [...state.readers]) end(state, reader, ending('cierre'))
    },
  }
}

const receive = (state: State, event: LedgerEvent): void => {
  const shop = state.shops.get(event.data.merchant)
  if (shop === undefined) return
  for (const notification of notificationsOf(event)) keep(shop, notification)
  if (shop.pending.length === 0) return
  state.cancelFlush ??= state.deps.clock.after(coalesceMs, () => {
    flush(state)
  })
}

const hasNoRoom = (
  { deps, shops, readers, isStopped }: State,
  { merchant, userId }: Principal,
): boolean => {
  const ofShop = [...(shops.get(merchant)?.readers ?? [])]
  const own = ofShop.filter(({ principal }) => principal.userId === userId)
  return isStopped || readers.size >= deps.streamsMax || own.length >= streamsPerPersonMax
}

const open = (state: State, reader: Reader): (() => void) => {
  const shop = shopOf(state, reader.principal.merchant)
  // So that none of those waiting is among the missed ones and comes again.
  flush(state)
  const missed = missedSince(shop, reader.lastId)
  reader.sink.write(
    missed === null ? readAgain(shop) : textOf(shop, missed)(reader.principal) || heartbeat,
  )
  state.readers.add(reader)
  shop.readers.add(reader)
  checkLater(state)
  return () => {
    forget(state, reader)
  }
}

const shopOf = ({ shops, deps }: State, merchant: MerchantId): Shop => {
  const known = shops.get(merchant)
  if (known !== undefined) return known
  const shop: Shop = {
    epoch: deps.newEpoch(),
    sequence: 0,
    kept: [],
    pending: [],
    readers: new Set(),
  }
  shops.set(merchant, shop)
  return shop
}

const forget = (state: State, reader: Reader): void => {
  const { shops, readers } = state
  const { merchant } = reader.principal
  const shop = shops.get(merchant)
  if (!readers.delete(reader) || shop === undefined) return
  shop.readers.delete(reader)
  if (readers.size === 0) {
    state.cancelCheck?.()
    state.cancelCheck = null
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

const write = (state: State, reader: Reader, text: string): void => {
  if (text === '') return
  if (reader.sink.backlogBytes() <= backlogBytesMax) {
    reader.sink.write(text)
    return
  }
  state.deps.reportDropped('slow')
  forget(state, reader)
  reader.sink.cut()
}

const end = (state: State, reader: Reader, text: string): void => {
  forget(state, reader)
  reader.sink.end(text)
}

const flush = (state: State): void => {
  state.cancelFlush?.()
  state.cancelFlush = null
  for (const shop of state.shops.values()) {
    const { pending } = shop
    if (pending.length === 0) continue
    shop.pending = []
    const textFor = textOf(shop, pending)
    for (const reader of [...shop.readers]) write(state, reader, textFor(reader.principal))
  }
}

const checkLater = (state: State): void => {
  if (state.readers.size === 0) return
  state.cancelCheck ??= state.deps.clock.after(checkEveryMs, () => {
    state.cancelCheck = null
    check(state)
    checkLater(state)
  })
}

const check = (state: State): void => {
  state.checks += 1
  for (const reader of [...state.readers]) {
    if (!reader.isTokenGood()) {
      state.deps.reportDropped('token')
      end(state, reader, ending('token'))
    } else if (state.checks % checksPerHeartbeat === 0) write(state, reader, heartbeat)
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
