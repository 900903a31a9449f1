import { withDatabase, type LedgerDb } from './peer-path.ts'
import { rounded } from './statistics.ts'

/** Storage of a database's collections, in bytes. */
export type Disk = {
  /** Documents, before compression. */
  readonly dataBytes: number
  /** Files of the collections, with the space that deleted documents left free in them. */
  readonly collectionBytes: number
  readonly indexBytes: number
  /** File and indexes of each collection. */
  readonly totalBytes: Readonly<Record<string, number>>
}

type StorageStats = {
  readonly size: number
  readonly storageSize: number
  readonly totalIndexSize: number
}

/**
 * Disk use of both ledger databases, the ledger's own and that of the blocks. Takes a checkpoint first: until then the files
 * lack the data in MongoDB's own journal.
 */
export const diskOf = (uri: string): Promise<Disk> =>
  withDatabase(uri, async (ledger, blocks) => {
    await ledger.admin().command({ fsync: 1 })
    const stats = [...(await storageOf(ledger)), ...(await storageOf(blocks))]
    const sum = (of: (each: StorageStats) => number) =>
      stats.reduce((total, each) => total + of(each), 0)
    return {
      dataBytes: sum(({ size }) => size),
      collectionBytes: sum(({ storageSize }) => storageSize),
      indexBytes: sum(({ totalIndexSize }) => totalIndexSize),
      totalBytes: Object.fromEntries(
        stats.map(({ name, storageSize, totalIndexSize }) => [name, storageSize + totalIndexSize]),
      ),
    }
  })

const storageOf = async (
  db: LedgerDb,
): Promise<readonly (StorageStats & { readonly name: string })[]> => {
  const collections = await db.listCollections({}, { nameOnly: true }).toArray()
  return Promise.all(
    collections.map(async ({ name }) => {
      const [found] = await db
        .collection(name)
        .aggregate<{ readonly storageStats: StorageStats }>([{ $collStats: { storageStats: {} } }])
        .toArray()
      if (found === undefined) throw new Error(`${name} has no storage statistics`)
      return { name, ...found.storageStats }
    }),
  )
}

/** Storage of a ledger divided by its sales, in bytes. */
export type DiskPerSale = {
  readonly sales: number
  /** Collections and indexes. */
  readonly bytesPerSale: number
  readonly collectionBytesPerSale: number
  readonly indexBytesPerSale: number
  /** Documents, before compression. */
  readonly dataBytesPerSale: number
  /** The part of the storage that the ledger took up before its first sale. */
  readonly fixedShare: number
  /** By collection, indexes included. */
  readonly bytesPerSaleOf: Readonly<Record<string, number>>
}

/** Compares the storage after so many sales with that before the first. */
export const perSale = (after: Disk, before: Disk, sales: number): DiskPerSale => {
  const each = (bytes: number) => rounded(bytes / sales)
  const total = storageBytes(after)
  return {
    sales,
    bytesPerSale: each(total),
    collectionBytesPerSale: each(after.collectionBytes),
    indexBytesPerSale: each(after.indexBytes),
    dataBytesPerSale: each(after.dataBytes),
    fixedShare: storageBytes(before) / total,
    bytesPerSaleOf: Object.fromEntries(
      Object.entries(after.totalBytes).map(([name, bytes]) => [name, each(bytes)]),
    ),
  }
}

const storageBytes = ({ collectionBytes, indexBytes }: Disk): number => collectionBytes + indexBytes
