import { partitionOf, type MerchantId, partitions } from '@recargas/contracts'
import { withinTime } from '../mongo/within-time.ts'
import type { Awaited, AwaitPosition } from '../projections/await-position.ts'
import type { Shown } from '../projections/open-projections.ts'

/** End of the queries of one request. */
export const readMsMax = 5_000

/** For each query of a request: it ends with the request. */
export type QueryOptions = { readonly signal: AbortSignal; readonly maxTimeMS: number }

/** One request about one shop. */
export type Reading = {
  readonly partition: number
  /** Every projection that the request needs shows at least this block. */
  readonly position: number
  readonly options: QueryOptions
  /**
   * Waits until the other projections of the request show these documents too.
   * @returns the position that the request is cut at: one document is exact as of it, and insert-only documents are whole up to it
   */
  readonly cutAt: (documents: readonly Shown[]) => Promise<number>
}

export type ReadShown = {
  /** Runs a request once the projections that it needs show every block of the shop's partition. */
  readonly ofShop: <Value>(
    merchant: MerchantId,
    needs: readonly string[],
    read: (reading: Reading) => Promise<Value>,
  ) => Promise<Value>
  /** The same over every partition, without a cut. */
  readonly ofAll: <Value>(
    needs: readonly string[],
    read: (options: QueryOptions) => Promise<Value>,
  ) => Promise<Value>
  /** Runs a read on the projections' present state, without waiting. */
  readonly atOnce: <Value>(read: (options: QueryOptions) => Promise<Value>) => Promise<Value>
}

/**
 * Lets each request wait for the blocks that were appended before it, whichever instance projects them (ledger-log L9). A
 * request that waits in vain throws the late projection: 503.
 * @param named the newest block that the caller knows from an event: a primary that lost its majority may not have it
 */
export const createReadShown = (
  awaitPosition: Pick<AwaitPosition, 'shown' | 'now'>,
  named?: number,
): ReadShown => {
  const wait = async (
    partition: number,
    needs: readonly string[],
    since: number,
    from?: number,
  ): Promise<number> =>
    positionOf(partition, await awaitPosition.shown(partition, needs, from, since))
  return {
    ofShop: async (merchant, needs, read) => {
      const partition = partitionOf(merchant)
      const since = awaitPosition.now()
      const position = await wait(partition, needs, since, named)
      return query((options) =>
        read({
          partition,
          position,
          options,
          cutAt: async (documents) => {
            const cut = Math.max(position, ...documents.map((document) => document.position))
            if (cut > position) await wait(partition, needs, since, cut)
            return cut
          },
        }),
      )
    },
    ofAll: async (needs, read) => {
      const since = awaitPosition.now()
      await Promise.all(partitions.map((partition) => wait(partition, needs, since)))
      return query(read)
    },
    atOnce: query,
  }
}

const query = <Value>(read: (options: QueryOptions) => Promise<Value>): Promise<Value> =>
  withinTime(readMsMax, (signal) => read({ signal, maxTimeMS: readMsMax }))

/**
 * @returns the position that the projections show
 * @throws ProjectionLate, ReadsBusy
 */
export const positionOf = (partition: number, awaited: Awaited): number => {
  switch (awaited.kind) {
    case 'reached':
      return awaited.position
    case 'late':
      throw readError(
        'ProjectionLate',
        `partition ${partition}: projection ${awaited.projection} does not show block ${awaited.position} yet`,
      )
    case 'busy':
      throw readError(
        'ReadsBusy',
        `partition ${partition}: too many reads wait for its projections`,
      )
  }
}

const readError = (name: string, message: string): Error =>
  Object.assign(new Error(message), { name })
