import { z } from 'zod'
import { envelopeOf } from '../envelope.ts'
import { RecordRefusal } from './record-refusal.ts'
import { operations, type Declared } from './registry.ts'

const recordRefusal = envelopeOf('RecordRefusal.v1', RecordRefusal)

type CommandSchema = Declared['message'] | typeof recordRefusal

/** The messages that a gateway sends to the ledger. */
const commandSchemas: readonly CommandSchema[] = [
  ...Object.values(operations).map(({ message }) => message),
  recordRefusal,
]
export const Command = z.discriminatedUnion(
  'type',
  commandSchemas as readonly [CommandSchema, ...CommandSchema[]],
)
export type Command = z.infer<typeof Command>

export const commandTypes = commandSchemas.map(({ shape }) => shape.type.value)
