import type mongoose from 'mongoose'
import type {
  AccountDocument,
  CajaDocument,
  CaseDocument,
  InjectionDocument,
  MerchantDocument,
  SessionDocument,
  TopupDocument,
} from '../mongo/documents.ts'
import { majority } from '../mongo/stored-values.ts'
import { balances } from './balances.ts'
import { cases } from './cases.ts'
import { cash } from './cash.ts'
import { injections } from './injections.ts'
import { operations, type OperationDocument } from './operations.ts'
import type { Projection } from './projection.ts'
import { sales } from './sales.ts'
import { statementLines, type StatementLinesDocument } from './statement-lines.ts'

/** Only the projector writes. */
export type Collection<Stored extends { readonly _id: unknown }> = Pick<
  mongoose.mongo.Collection<Stored & Shown>,
  'find' | 'findOne' | 'aggregate' | 'countDocuments'
>

/** The block that a document shows. */
export type Shown = { readonly position: number }

/** The generation of each projection that is read. */
export type GenerationsInUse = {
  /** @returns the collection that a projection is read from. @throws where none can be read, since it may have been dropped */
  readonly collectionOf: (projection: string) => string
  /** The name of that generation's positions. @throws as above */
  readonly positionsName: (projection: string) => string
  /** Runs a read. @throws where a collection that it read may have been dropped meanwhile */
  readonly whileReadable: <Value>(read: () => Promise<Value>) => Promise<Value>
}

/**
 * The collections of the projections, read by a majority on the primary; two kinds of document lie in `balances` and in `cash`.
 * Each query takes the generation that is current then.
 */
export type Projected = Pick<GenerationsInUse, 'positionsName' | 'whileReadable'> & {
  readonly accounts: Collection<AccountDocument>
  readonly merchants: Collection<MerchantDocument>
  readonly cajas: Collection<CajaDocument>
  readonly sessions: Collection<SessionDocument>
  readonly sales: Collection<TopupDocument>
  readonly operations: Collection<OperationDocument>
  readonly statementLines: Collection<StatementLinesDocument>
  readonly injections: Collection<InjectionDocument>
  readonly cases: Collection<CaseDocument>
}

/** The first generation of everything. */
const firstGenerations: GenerationsInUse = {
  collectionOf: (projection) => projection,
  positionsName: (projection) => projection,
  whileReadable: (read) => read(),
}

export const openProjections = (
  db: mongoose.mongo.Db,
  { collectionOf, positionsName, whileReadable }: GenerationsInUse = firstGenerations,
): Projected => {
  const open = <Stored extends { readonly _id: unknown }>({ name }: Projection) =>
    currentCollection(() => db.collection<Stored & Shown>(collectionOf(name), majority))
  return {
    positionsName,
    whileReadable,
    accounts: open<AccountDocument>(balances),
    merchants: open<MerchantDocument>(balances),
    cajas: open<CajaDocument>(cash),
    sessions: open<SessionDocument>(cash),
    sales: open<TopupDocument>(sales),
    operations: open<OperationDocument>(operations),
    statementLines: open<StatementLinesDocument>(statementLines),
    injections: open<InjectionDocument>(injections),
    cases: open<CaseDocument>(cases),
  }
}

const currentCollection = <Stored extends { readonly _id: unknown }>(
  current: () => mongoose.mongo.Collection<Stored & Shown>,
): Collection<Stored> => {
  const method = <Name extends keyof Collection<Stored>>(name: Name): Collection<Stored>[Name] => {
    const collection = current()
    return collection[name].bind(collection) as Collection<Stored>[Name]
  }
  return {
    get find() {
      return method('find')
    },
    get findOne() {
      return method('findOne')
    },
    get aggregate() {
      return method('aggregate')
    },
    get countDocuments() {
      return method('countDocuments')
    },
  }
}
