import type { Topup } from '../accounting/entities.ts'
import { closeTopup, fundsReserved } from '../sales/sale-messages.ts'
import type { OutgoingMessage } from '../accounting/outgoing-message.ts'

export type HeldSalesQuery = {
  readonly partition: number
  /** Selects sales whose last progress is earlier, in milliseconds since 1970. */
  readonly before: number
  /** The last sale of the page before; null: from the oldest on. */
  readonly after: Pick<Topup, 'id' | 'progressAt'> | null
  readonly limit: number
}

export type RepeatPorts = {
  /** The partitions that this instance owns, with the id of each takeover. */
  readonly owned: () => ReadonlyMap<number, string>
  /** Sales with an open carrier job or close and no progress since, oldest first. */
  readonly heldWithoutProgress: (query: HeldSalesQuery) => Promise<readonly Topup[]>
  /** @returns true once the broker has confirmed it */
  readonly send: (message: OutgoingMessage) => Promise<boolean>
  readonly now: () => number
}

export type RepeatLimits = {
  readonly backoffMsMin: number
  readonly backoffMsMax: number
  /** Most messages of one round. */
  readonly perRoundMax: number
}

type Wait = { readonly nextAt: number; readonly waitMs: number }
type Owned = {
  readonly takeover: string
  /** The first pass after a takeover takes every held sale. */
  readonly isFirstPass: boolean
  readonly after: HeldSalesQuery['after']
}

/** A held sale is asked about; one that a person has decided is closed. */
const messageFor = (sale: Topup): OutgoingMessage =>
  sale.decision?.isFinal === true ? closeTopup(sale) : fundsReserved(sale)

/**
 * Publishes the job of every held sale that makes no progress again, so that the broker is never the only copy of an accepted
 * sale (ledger-log L11). The owner of a partition does so: at once after its takeover, then with a back-off for each sale. A
 * job that is repeated makes no second attempt.
 * @returns a round; it gives the number of messages that the broker confirmed
 */
export const createHeldSalesRepeater = (ports: RepeatPorts, limits: RepeatLimits) => {
  // In memory: a repetition too many is harmless.
  const waits = new Map<string, Wait>()
  let owned: ReadonlyMap<number, Owned> = new Map()

  /** The next page of a partition; each round goes on where the last one ended, so that no old sale holds up the others. */
  const pageOf = async (partition: number, takeover: string, now: number) => {
    const known = owned.get(partition)
    const { isFirstPass, after }: Owned =
      known?.takeover === takeover ? known : { takeover, isFirstPass: true, after: null }
    const sales = await ports.heldWithoutProgress({
      partition,
      before: isFirstPass ? now : now - limits.backoffMsMin,
      after,
      limit: limits.perRoundMax,
    })
    const last = sales.length < limits.perRoundMax ? undefined : sales.at(-1)
    const next: Owned = {
      takeover,
      isFirstPass: isFirstPass && last !== undefined,
      after: last ?? null,
    }
    return { sales, next }
  }

  const repeat = async (sale: Topup, now: number): Promise<boolean> => {
    // A job that the broker does not take delays no other; a later round tries it again.
    const isSent = await ports.send(messageFor(sale)).catch(() => false)
    if (!isSent) return false
    const { waitMs: waited = limits.backoffMsMin / 2 } = waits.get(sale.id) ?? {}
    const waitMs = Math.min(2 * waited, limits.backoffMsMax)
    waits.set(sale.id, { nextAt: now + waitMs, waitMs })
    return true
  }

  return async (): Promise<number> => {
    const now = ports.now()
    const pages = new Map<number, Owned>()
    const due: Topup[] = []
    for (const [partition, takeover] of ports.owned()) {
      const { sales, next } = await pageOf(partition, takeover, now)
      pages.set(partition, next)
      due.push(...sales.filter(({ id }) => now >= (waits.get(id)?.nextAt ?? 0)))
    }
    owned = pages
    for (const [id, { nextAt, waitMs }] of waits) if (now > nextAt + waitMs) waits.delete(id)
    due.sort((one, other) => one.progressAt - other.progressAt)
    const sent = await Promise.all(due.map((sale) => repeat(sale, now)))
    return sent.filter(Boolean).length
  }
}
