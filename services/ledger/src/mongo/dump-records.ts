import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import mongoose from 'mongoose'
import { partitionCount } from '@recargas/contracts'
import type { Head } from '../writer/ports.ts'
import {
  derivedKinds,
  type DerivedKind,
  type LedgerRecords,
  type LedgerSource,
  type ReadEntry,
  type Stray,
} from '../verify/ledger-source.ts'
import { fieldOf, openBsonFile, type BsonFile } from './bson-file.ts'
import type { OutboxDocument } from './collections.ts'
import {
  headId,
  sessionOf,
  stateId,
  topupOf,
  type SessionDocument,
  type TopupDocument,
} from './documents.ts'
import { headOf, type HeadDocument } from './journal-documents.ts'
import { keptIn, ledgerCollections, type LedgerCollection } from './kept-in.ts'
import { readEntryOf } from './read-entry.ts'
import { differencesFrom } from './stored-differences.ts'
import { unsentOf } from './unsent-documents.ts'

const { deserialize } = mongoose.mongo.BSON

type Dump = {
  readonly files: ReadonlyMap<LedgerCollection, BsonFile>
  readonly heads: ReadonlyMap<number, Head>
  readonly counts: Readonly<Record<DerivedKind, Map<number, number>>>
  /** The last sequence of each partition's journal. */
  readonly lastSeqs: ReadonlyMap<number, number>
  readonly strays: readonly Stray[]
}

/**
 * Opens what mongodump wrote: the folder of one database, or the folder around it.
 * @throws where the folder holds no ledger, or a file cannot be read to its end
 */
export const openDump = (
  folder: string,
): Promise<{ readonly records: LedgerRecords; readonly close: () => Promise<void> }> => {
  const dump = readDump(folderOfLedger(folder))
  const source = sourceOf(dump)
  const records: LedgerRecords = {
    identity: () => Promise.resolve(identityOf(dump)),
    live: source,
    atOneInstant: (use) => use(source),
  }
  const close = () => {
    for (const file of dump.files.values()) file.close()
    return Promise.resolve()
  }
  return Promise.resolve({ records, close })
}

const folderOfLedger = (folder: string): string => {
  if (!existsSync(folder)) throw new Error(`${folder} does not exist`)
  const inside = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => join(folder, name))
  const found = [folder, ...inside].filter((path) => existsSync(join(path, 'journal.bson')))
  const [only] = found
  if (only === undefined) {
    throw new Error(
      `${folder} holds no dump of a ledger: no journal.bson (unpack .gz and archives)`,
    )
  }
  if (found.length > 1) throw new Error(`${folder} holds several ledgers: ${found.join(', ')}`)
  return only
}

const readDump = (folder: string): Dump => {
  const heads = new Map<number, Head>()
  const lastSeqs = new Map<number, number>()
  const strays: Stray[] = []
  const counts = Object.fromEntries(
    derivedKinds.map((kind) => [kind, new Map<number, number>()]),
  ) as unknown as Dump['counts']
  const count = (kind: DerivedKind, partition: number) =>
    counts[kind].set(partition, (counts[kind].get(partition) ?? 0) + 1)
  const onDocument: Readonly<Partial<Record<LedgerCollection, (bytes: Uint8Array) => void>>> = {
    state: (bytes) => {
      const partition = partitionOrStray(bytes, 'state', strays)
      const is = fieldOf(bytes, 'is')
      const kind = derivedKinds.find(
        (each) => keptIn[each].in === 'state' && keptIn[each].is === is,
      )
      if (kind !== undefined) {
        count(kind, partition)
      } else if (is !== 'head') {
        strays.push({ id: idOf(bytes), detail: 'of no kind that state holds' })
      } else if (idOf(bytes) === headId(partition)) {
        heads.set(partition, headOf(deserialize(bytes) as HeadDocument))
      } else if (isPartition(partition)) {
        strays.push({ id: idOf(bytes), detail: 'a head of no partition' })
      }
    },
    journal: (bytes) => {
      const partition = partitionOrStray(bytes, 'journal', strays)
      const seq = Number(fieldOf(bytes, 'seq'))
      const isBehind = !(seq > 0 && seq <= (heads.get(partition)?.seq ?? 0))
      if (isBehind && isPartition(partition)) {
        strays.push({ id: String(fieldOf(bytes, '_id')), detail: behindHead })
      }
      if (seq > (lastSeqs.get(partition) ?? 0)) lastSeqs.set(partition, seq)
    },
    outbox: (bytes) => void partitionOrStray(bytes, 'outbox', strays),
    ...Object.fromEntries(
      (['topups', 'injections', 'cases'] as const).map((kind) => [
        kind,
        (bytes: Uint8Array) => count(kind, partitionOrStray(bytes, kind, strays)),
      ]),
    ),
  }
  const files = new Map<LedgerCollection, BsonFile>()
  for (const name of ledgerCollections) {
    const path = join(folder, `${name}.bson`)
    if (!existsSync(path)) continue
    const key = name === 'journal' ? placeOf : idOf
    files.set(name, openBsonFile(path, key, onDocument[name]))
  }
  return { files, heads, counts, lastSeqs, strays }
}

const behindHead = 'an entry outside the sequence that ends at the head'
const idOf = (bytes: Uint8Array): string => String(fieldOf(bytes, '_id'))
const placeOf = (bytes: Uint8Array): string => `${fieldOf(bytes, 'p')}/${fieldOf(bytes, 'seq')}`

const isPartition = (partition: number): boolean =>
  Number.isInteger(partition) && partition >= 0 && partition < partitionCount

const partitionOrStray = (bytes: Uint8Array, name: string, strays: Stray[]): number => {
  const partition = Number(fieldOf(bytes, 'p'))
  if (!isPartition(partition)) {
    strays.push({ id: idOf(bytes), detail: `in ${name}, but of no partition` })
  }
  return partition
}

const identityOf = ({ files }: Dump) => {
  const lacks = ledgerCollections
    .filter((name) => !files.has(name))
    .map((name) => `no file ${name}.bson`)
  const bytes = files.get('identity')?.get('ledger')
  const namespace = bytes === undefined ? undefined : fieldOf(bytes, 'namespace')
  if (typeof namespace !== 'string') {
    lacks.push('no identity: the ids that clients may repeat cannot be derived any more')
  }
  return { name: String(namespace ?? 'a dump'), lacks }
}

const entriesAtOnce = 1_000

const sourceOf = (dump: Dump): LedgerSource => {
  const { files, heads, counts, strays } = dump
  const found = (kind: DerivedKind, ids: readonly string[]): readonly Uint8Array[] =>
    ids.flatMap((id) => files.get(keptIn[kind].in)?.get(id) ?? [])
  const readAll = (kind: DerivedKind, ids: readonly string[]): readonly unknown[] =>
    found(kind, ids).map((bytes) => deserialize(bytes))
  return {
    head: (partition) => Promise.resolve(heads.get(partition) ?? null),
    entries: (partition, after, upTo) => readEntries(dump, partition, after, upTo),
    topups: (ids) => Promise.resolve((readAll('topups', ids) as TopupDocument[]).map(topupOf)),
    sessions: (keys) =>
      Promise.resolve(
        (
          readAll(
            'sessions',
            keys.map((key) => stateId('session', key)),
          ) as SessionDocument[]
        ).map(sessionOf),
      ),
    differences: (partition, expected) =>
      differencesFrom((kind, ids) => Promise.resolve(found(kind, ids)), partition, expected),
    counts: (partition) =>
      Promise.resolve(
        Object.fromEntries(
          derivedKinds.map((kind) => [kind, counts[kind].get(partition) ?? 0]),
        ) as Record<DerivedKind, number>,
      ),
    unsent: async function* () {
      for (const bytes of (await Promise.resolve(files.get('outbox')))?.all() ?? []) {
        yield unsentOf(deserialize(bytes) as OutboxDocument)
      }
    },
    strays: () => Promise.resolve(strays),
  }
}

const readEntries = async function* (
  { files, lastSeqs }: Dump,
  partition: number,
  after: number,
  upTo: number,
): AsyncGenerator<readonly ReadEntry[]> {
  const last = Math.min(upTo, lastSeqs.get(partition) ?? 0)
  const journal = await Promise.resolve(files.get('journal'))
  for (let from = after + 1; from <= last; from += entriesAtOnce) {
    const entries: ReadEntry[] = []
    for (let seq = from; seq < from + entriesAtOnce && seq <= last; seq += 1) {
      const bytes = journal?.get(`${partition}/${seq}`)
      if (bytes !== undefined) entries.push(readEntryOf(bytes))
    }
    yield entries
  }
}
