import type { SchemaOptions } from 'mongoose'

/** Options of every model: an unknown field is an error, and documents are stored exactly as given. */
export const modelOptions = {
  strict: 'throw',
  strictQuery: 'throw',
  versionKey: false,
  id: false,
  minimize: false,
  autoCreate: false,
  autoIndex: false,
  // Without a connection an operation fails within the driver's own limits; mongoose would queue it.
  bufferCommands: false,
} as const satisfies SchemaOptions

/** A field that every document has. */
export const required = <Type>(type: Type) => ({ type, required: true }) as const
