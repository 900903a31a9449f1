import mongoose from 'mongoose'
import type { FieldKind } from '../accounting/entities.ts'

type Long = mongoose.mongo.Long
const { Long } = mongoose.mongo

/** Numbers over 32 bits would be stored as doubles: money and sequence numbers are always written as Int64. */
export const long = (value: number): Long => Long.fromNumber(value)
export const date = (instant: number): Date => new Date(instant)

/** Reading promotes Int64 to number; every value is a safe integer because nothing else is ever written. */
export type Stored<Document> = {
  readonly [Field in keyof Document]: Document[Field] extends Long
    ? number
    : Document[Field] extends Long | null
      ? number | null
      : Document[Field]
}

/**
 * A range of stored keys. MongoDB compares the Int64 of a written key with the number that a read promotes it to; the driver's
 * types keep the two apart.
 */
export const keyRange = <Key>(
  bounds: Readonly<Partial<Record<'$gt' | '$gte' | '$lt' | '$lte', object>>>,
): mongoose.mongo.Condition<Key> => bounds as mongoose.mongo.Condition<Key>

/** A read of what a majority of the replica set holds: no failover takes it back. */
export const majority = { readConcern: { level: 'majority' }, readPreference: 'primary' } as const

/**
 * The index for documents that are named by their ids. Such a query names the partition too, which leads a router to its shard;
 * without the hint the planner would try every index that begins with the partition.
 */
export const idIndex = { _id: 1 } as const

type Kinds<Entity> = Readonly<Record<keyof Entity, FieldKind>>

/** An entity's fields as its document holds them. */
export type StoredFields<Entity, Fields extends Kinds<Entity>> = {
  readonly [Field in keyof Entity]: Fields[Field] extends 'instant'
    ? Date | Extract<Entity[Field], null>
    : Entity[Field]
}

/** The fields of an entity for its document, by the kind that each is declared with. */
export const storedFields = <Entity extends object>(entity: Entity, kinds: Kinds<Entity>) =>
  Object.fromEntries(
    Object.entries<FieldKind>(kinds).flatMap(([field, kind]) => {
      const value = entity[field as keyof Entity] as unknown
      if (value === undefined) return []
      return [[field, value === null ? null : encoders[kind](value)]]
    }),
  )

/** Every number of a value that is stored by name, as Int64. */
const withLongs = (value: unknown): unknown => {
  if (typeof value === 'number') return long(value)
  if (Array.isArray(value)) return value.map(withLongs)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, withLongs(each)]))
}

const encoders: Readonly<Record<FieldKind, (value: unknown) => unknown>> = {
  'as-is': (value) => value,
  amount: (value) => long(value as number),
  instant: (value) => date(value as number),
  'by-name': withLongs,
}

/** The entity of a document that {@link storedFields} made. */
export const entityFields = <Entity extends object>(
  stored: object,
  kinds: Kinds<Entity>,
): Entity => {
  const values = stored as Readonly<Record<string, unknown>>
  return Object.fromEntries(
    Object.entries<FieldKind>(kinds).flatMap(([field, kind]) => {
      const value = values[field]
      if (value === undefined) return []
      return [[field, kind === 'instant' && value !== null ? (value as Date).getTime() : value]]
    }),
  ) as Entity
}
