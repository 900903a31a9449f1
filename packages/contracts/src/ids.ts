import { z } from 'zod'

/** A shop: owner of floats, drawers and sessions; the partition key of everything. */
export const MerchantId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/)
  .brand<'MerchantId'>()
export type MerchantId = z.infer<typeof MerchantId>

/** One operation's id, for ever; a top-up's is also the carrier's idempotency token. */
export const OperationId = z.uuid().brand<'OperationId'>()
export type OperationId = z.infer<typeof OperationId>

/** Numeric ids that a POS sees: per-merchant sequences. */
export const SequenceId = z.int().positive()

/** SHA-256 of an operation's canonical payload, base64url: two presses of one key must agree on it. */
export const Fingerprint = z.string().regex(/^[A-Za-z0-9_-]{43}$/)

export const OperatorName = z
  .string()
  .min(1)
  .max(40)
  .regex(/^[\p{L}\p{N}][\p{L}\p{N} .-]*$/u)
  .brand<'OperatorName'>()
export type OperatorName = z.infer<typeof OperatorName>

/** Number of the ledger's partitions. Fixed: another number would move merchants between writers. */
export const partitionCount = 16
/** All of them, in order. */
export const partitions: readonly number[] = Array.from(
  { length: partitionCount },
  (_, partition) => partition,
)

/** The merchant's partition: FNV-1a of its UTF-8 bytes, modulo the number of partitions. */
export const partitionOf = (merchant: MerchantId, count = partitionCount): number => {
  let hash = 0x811c9dc5
  for (const byte of Buffer.from(merchant, 'utf8')) {
    hash = Math.imul(hash ^ byte, 0x01000193)
  }
  return (hash >>> 0) % count
}

export const Role = z.enum(['Administrador', 'Operador', 'Usuario'])
export type Role = z.infer<typeof Role>

/** The person who asks, as the token names him. */
export const Actor = z.strictObject({
  userId: z.string().min(1).max(64),
  username: z.string().max(120),
  role: Role,
})
export type Actor = z.infer<typeof Actor>
