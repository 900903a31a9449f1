import {
  cajaFields,
  sessionFields,
  type Caja,
  type FieldKind,
  type Merchant,
  type Recent,
  type Sequences,
  type Session,
  type Topup,
} from './entities.ts'
import type { Changes } from './ledger-view.ts'

/** Values without the names of their fields, which would be most of an entry's text, in the order of version 1. */
type Packed = readonly unknown[]
type Packing<Entity> = {
  readonly pack: (entity: Entity) => Packed
  readonly unpack: (values: Packed) => Entity
}
/** A field that is missing here does not compile. */
type FieldsOf<Entity> = Readonly<Record<keyof Entity, true | FieldKind>>

/** Fields of later versions follow the others in one object, by their names, where there are any. */
const packingOf = <Entity>(order: FieldsOf<Entity>): Packing<Entity> => {
  const every = Object.keys(order) as (keyof Entity)[]
  const fields = every.filter((field) => order[field] !== 'by-name')
  const named = every.filter((field) => order[field] === 'by-name')
  return {
    pack: (entity) => {
      const values = fields.map((field) => entity[field])
      const later = named.filter((field) => entity[field] !== undefined)
      if (later.length === 0) return values
      return [...values, Object.fromEntries(later.map((field) => [field, entity[field]]))]
    },
    unpack: (values) => {
      const more = named.length > 0 ? values[fields.length] : undefined
      if (values.length !== fields.length + (more === undefined ? 0 : 1)) {
        throw new Error(`${values.length} values where version 1 has ${fields.length}`)
      }
      const known = Object.fromEntries(fields.map((field, index) => [field, values[index]]))
      return { ...known, ...(more as object | undefined) } as Entity
    },
  }
}

const sequences = packingOf<Sequences>({
  topup: true,
  injection: true,
  movement: true,
  caja: true,
  session: true,
  operator: true,
})
const cajas = packingOf<Caja>(cajaFields)
const sessions = packingOf<Session>(sessionFields)
const topups = packingOf<Topup>({
  id: true,
  number: true,
  merchant: true,
  currency: true,
  sessionId: true,
  cajaId: true,
  actor: true,
  operator: true,
  carrier: true,
  slug: true,
  phone: true,
  amount: true,
  carrierAmount: true,
  confirmDuplicate: true,
  fingerprint: true,
  bundle: true,
  terms: 'by-name',
  state: true,
  releaseReason: true,
  invalid: true,
  cases: true,
  attempts: true,
  decision: true,
  correlationId: true,
  requestedAt: true,
  day: true,
  reservedAt: true,
  updatedAt: true,
  progressAt: true,
})
const recents = packingOf<Recent>({ operationId: true, number: true, at: true })

type PackedGuard = readonly [key: string, recents: readonly Packed[]]
type PackedMerchant = readonly [id: string, currency: string, sequences: Packed]

/** Changes by kind; a kind without changes is left out. Accounts follow from the lines. */
export type StoredChanges = {
  readonly merchants?: readonly PackedMerchant[] | undefined
  readonly cajas?: readonly Packed[] | undefined
  readonly sessions?: readonly Packed[] | undefined
  readonly topups?: readonly Packed[] | undefined
  readonly injections?: Changes['injections'] | undefined
  readonly cases?: Changes['cases'] | undefined
  readonly recents?: readonly PackedGuard[] | undefined
  readonly held?: readonly PackedGuard[] | undefined
  readonly usages?: Changes['usages'] | undefined
}

/** JSON leaves out a kind of which nothing changed. */
export const storedChanges = (changes: Changes): StoredChanges => ({
  merchants: unlessEmpty(changes.merchants, packMerchant),
  cajas: unlessEmpty(changes.cajas, cajas.pack),
  sessions: unlessEmpty(changes.sessions, sessions.pack),
  topups: unlessEmpty(changes.topups, topups.pack),
  injections: unlessEmpty(changes.injections, asItIs),
  cases: unlessEmpty(changes.cases, asItIs),
  recents: unlessEmpty(changes.recents, packGuard),
  held: unlessEmpty(changes.held, packGuard),
  usages: unlessEmpty(changes.usages, asItIs),
})

export const changesOf = (stored: StoredChanges): Omit<Changes, 'accounts'> => ({
  merchants: (stored.merchants ?? []).map(unpackMerchant),
  cajas: (stored.cajas ?? []).map(cajas.unpack),
  sessions: (stored.sessions ?? []).map(sessions.unpack),
  topups: (stored.topups ?? []).map(topups.unpack),
  injections: stored.injections ?? [],
  cases: stored.cases ?? [],
  recents: (stored.recents ?? []).map(unpackGuard),
  held: (stored.held ?? []).map(unpackGuard),
  usages: stored.usages ?? [],
})

const asItIs = <Value>(value: Value): Value => value

const unlessEmpty = <Value, Stored>(
  values: readonly Value[],
  pack: (value: Value) => Stored,
): readonly Stored[] | undefined => (values.length === 0 ? undefined : values.map(pack))

const packMerchant = (merchant: Merchant): PackedMerchant => [
  merchant.id,
  merchant.currency,
  sequences.pack(merchant.sequences),
]
const unpackMerchant = ([id, currency, numbers]: PackedMerchant): Merchant => ({
  id: id as Merchant['id'],
  currency: currency as Merchant['currency'],
  sequences: sequences.unpack(numbers),
})

type Guard = readonly [key: string, recents: readonly Recent[]]
const packGuard = ([key, each]: Guard): PackedGuard => [key, each.map(recents.pack)]
const unpackGuard = ([key, each]: PackedGuard): Guard => [key, each.map(recents.unpack)]
