import { withDatabase, type LedgerDb } from '../runner/ledger-database.ts'
import { rounded } from '../runner/statistics.ts'

export type Disk = Awaited<ReturnType<typeof diskOf>>

type StorageStats = {
  readonly size: number
  readonly storageSize: number
  readonly totalIndexSize: number
}

/**
 * Disk use of both ledger databases, the ledger's own and that of the blocks. Takes a checkpoint first: until then the files
 * lack the data in MongoDB's own journal.
 */
export const diskOf = (uri: string) =>
  withDatabase(uri, async (ledger, blocks) => {
    await ledger.admin().command({ fsync: 1 })
    const stats = [...(await storageOf(ledger)), ...(await storageOf(blocks))]
    const sum = (of: (each: StorageStats) => number) =>
      stats.reduce((total, each) => total + of(each), 0)
    return {
      /** Documents, before compression. */
      dataBytes: sum(({ size }) => size),
      /** Files of the collections, with the space that deleted documents left free in them. */
      collectionBytes: sum(({ storageSize }) => storageSize),
      indexBytes: sum(({ totalIndexSize }) => totalIndexSize),
      /** File and indexes of each collection. */
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

/** Storage of a ledger divided by its sales, in bytes. @param before its storage before the first sale */
export const perSale = (after: Disk, before: Disk, sales: number) => {
  const each = (bytes: number) => rounded(bytes / sales)
  const total = storageBytes(after)
  return {
    sales,
    bytesPerSale: each(total),
    collectionBytesPerSale: each(after.collectionBytes),
    indexBytesPerSale: each(after.indexBytes),
    dataBytesPerSale: each(after.dataBytes),
    /** The part of the storage that the ledger took up before its first sale. */
    fixedShare: storageBytes(before) / total,
    bytesPerSaleOf: Object.fromEntries(
      Object.entries(after.totalBytes).map(([name, bytes]) => [name, each(bytes)]),
    ),
  }
}

export type DiskPerSale = ReturnType<typeof perSale>

const storageBytes = ({ collectionBytes, indexBytes }: Disk): number => collectionBytes + indexBytes
