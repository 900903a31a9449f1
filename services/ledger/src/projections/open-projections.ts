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
import { balances } from './balances.ts'
import { cases } from './cases.ts'
import { cash } from './cash.ts'
import { injections } from './injections.ts'
import { operations, type OperationDocument } from './operations.ts'
import { sales } from './sales.ts'
import { statementLines, type StatementLinesDocument } from './statement-lines.ts'

/** Only the projector writes. */
type Collection<Stored extends { readonly _id: unknown }> = Pick<
  mongoose.mongo.Collection<Stored & Shown>,
  'find' | 'findOne' | 'aggregate' | 'countDocuments'
>

/** The block that a document shows. */
export type Shown = { readonly position: number }

/** The collections of the projections, read by a majority on the primary; two kinds of document lie in `balances` and in `cash`. */
export type Projected = {
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

const majority = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const

export const openProjections = (db: mongoose.mongo.Db): Projected => ({
  accounts: db.collection(balances.name, majority),
  merchants: db.collection(balances.name, majority),
  cajas: db.collection(cash.name, majority),
  sessions: db.collection(cash.name, majority),
  sales: db.collection(sales.name, majority),
  operations: db.collection(operations.name, majority),
  statementLines: db.collection(statementLines.name, majority),
  injections: db.collection(injections.name, majority),
  cases: db.collection(cases.name, majority),
})
