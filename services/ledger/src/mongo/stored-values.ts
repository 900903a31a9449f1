import mongoose from 'mongoose'

type Long = mongoose.mongo.Long
const { Long } = mongoose.mongo

/** Numbers over 32 bits would be stored as doubles: money and sequence numbers are always written as Int64. */
export const long = (value: number): Long => Long.fromNumber(value)
export const longOrNull = (value: number | null): Long | null =>
  value === null ? null : long(value)
export const date = (instant: number): Date => new Date(instant)
export const dateOrNull = (instant: number | null): Date | null =>
  instant === null ? null : new Date(instant)

/** Reading promotes Int64 to number; every value is a safe integer because nothing else is ever written. */
export type Stored<Document> = {
  readonly [Field in keyof Document]: Document[Field] extends Long
    ? number
    : Document[Field] extends Long | null
      ? number | null
      : Document[Field]
}
