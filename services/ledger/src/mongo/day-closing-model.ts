import { Schema } from 'mongoose'
import { modelOptions } from './model-options.ts'

/** A day as a person closed it. The report is kept as its JSON text, so that it stays as it was signed; only ever inserted. */
export type DayClosingDocument = {
  /** {@link dayClosingId}: of two simultaneous closings of one number the first counts. */
  readonly _id: string
  readonly merchant: string
  readonly number: number
  readonly day: string
  readonly previous: number | null
  readonly currency: string | null
  readonly report: string
  readonly by: string
  readonly at: Date
}

const text = { type: String, required: true } as const
const number = { type: Number, required: true } as const

export const dayClosingSchema = new Schema<DayClosingDocument>(
  {
    _id: text,
    merchant: text,
    number,
    day: text,
    previous: { type: Number, default: null },
    currency: { type: String, default: null },
    report: text,
    by: text,
    at: { type: Date, required: true },
  },
  modelOptions,
)

/** More closings than a shop makes in a thousand years. */
const numberMax = 999_999_999

/** Sorts by shop, then by number: the closings of a shop are one range of ids, and no other index is needed. */
export const dayClosingId = (merchant: string, number = numberMax): string =>
  `${merchant}/${String(number).padStart(String(numberMax).length, '0')}`
