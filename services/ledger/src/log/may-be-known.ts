import { isOutOfTime, type WriterCircumstances } from './answer-unapplied.ts'
import type { InboundOperation } from './inbound-operation.ts'
import type { Memory } from './memory.ts'

/**
 * Selects the operations to look up before they are applied, because their earlier entry may be in the projections alone. A
 * press without a key has an id of its own. The gateway that accepted a press read a clock at most window and skew before its
 * `acceptUntil`, and writers' clocks differ by at most twice the skew: a press with a later limit has met no earlier owner, and
 * this owner remembers it. A refusal by time does not date itself, since the gateway's clock may be anything: up to the latest
 * refused limit, every press is looked up.
 */
export const mayBeKnown = (
  item: InboundOperation,
  {
    since,
    memory,
  }: { readonly since: number; readonly memory: Pick<Memory, 'refusedUntil' | 'operations'> },
  circumstances: WriterCircumstances,
): boolean => {
  const { operation, acceptUntil } = item
  const { data } = operation
  if (!('keyed' in data) || data.keyed || acceptUntil === null) return true
  // A repeat is answered with its sale, which may be in the projection alone.
  if (memory.operations.has(data.operationId)) return true
  if (isOutOfTime(item, circumstances) || acceptUntil <= memory.refusedUntil) return true
  return acceptUntil - unkeyedKeptMs(circumstances) <= since
}

/** An owner remembers operations this long, so that a press without a key need not be looked up. */
export const unkeyedKeptMs = ({
  acceptWindowMs,
  clockSkewMs,
}: Pick<WriterCircumstances, 'acceptWindowMs' | 'clockSkewMs'>): number =>
  acceptWindowMs + 3 * clockSkewMs
