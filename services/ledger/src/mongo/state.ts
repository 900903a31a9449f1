import type mongoose from 'mongoose'
import type { Collections } from './collections.ts'
import type {
  AccountDocument,
  CajaDocument,
  MerchantDocument,
  SessionDocument,
} from './documents.ts'
import type { HeadDocument } from './journal-documents.ts'

/**
 * What a batch changes besides its own new documents lies in one collection, so that one command changes all of it.
 * Whoever looks for a kind by anything but its ids says which it is.
 */
const kind =
  <Stored extends { readonly _id: string }>() =>
  ({ state }: Pick<Collections, 'state'>): mongoose.mongo.Collection<Stored> =>
    state as unknown as mongoose.mongo.Collection<Stored>

export const headsIn = kind<HeadDocument>()
export const accountsIn = kind<AccountDocument>()
export const merchantsIn = kind<MerchantDocument>()
export const cajasIn = kind<CajaDocument>()
export const sessionsIn = kind<SessionDocument>()
