import { assertNever } from '@recargas/contracts'
import { damageBetween, takeoverBlock, type Block, type Damage } from './block.ts'

/**
 * The append protocol of one partition as a pure state machine (ledger-log L1 to L3). The driver of the database executes
 * its steps; a model explores them under every order of events.
 */

/** The database's answer to the insert of one block. */
export type InsertReply =
  /** No write error for this block and no write concern error for its command. */
  | 'inserted'
  /** A block stands at this position already. */
  | 'duplicate-key'
  /** Anything else: a time-out, a lost connection, a write concern error, another error of the server. */
  | 'unknown'

export type Insert = {
  readonly step: 'insert'
  /** The same bytes at each try. */
  readonly block: Block
}
export type LookUp = {
  readonly step: 'look-up'
  /** The block that met a duplicate key: its position is read with read concern majority on the primary. */
  readonly block: Block
}

/** @returns the look-up that a reply asks for, the same insert again, or null: the block is appended */
export const afterInsert = (block: Block, reply: InsertReply): Insert | LookUp | null => {
  switch (reply) {
    case 'inserted':
      return null
    case 'duplicate-key':
      return { step: 'look-up', block }
    case 'unknown':
      return { step: 'insert', block }
    default:
      return assertNever(reply)
  }
}

export type PositionRead =
  /** The block itself, or another one of its very bytes: appended. */
  | { readonly kind: 'appended' }
  /** Another block has the position. */
  | { readonly kind: 'occupied'; readonly by: Block }
  /** The duplicate is not on a majority: it may still vanish, or be this block. The insert is sent again. */
  | { readonly kind: 'again' }
  | { readonly kind: 'damaged'; readonly damage: Damage }

/**
 * @param tip the previous block, or null before the first block of a partition
 * @param found the block that a majority read on the primary returned for the position
 */
export const afterLookUp = (tip: Block | null, block: Block, found: Block | null): PositionRead => {
  if (found === null) return { kind: 'again' }
  if (found.hash === block.hash) return { kind: 'appended' }
  const damage = damageBetween(tip, found)
  return damage === null ? { kind: 'occupied', by: found } : { kind: 'damaged', damage }
}

/** The takeover block that is tried next, after another block got the position. */
export const takeoverAfter = (occupant: Block, takeover: Block): Block =>
  takeoverBlock(occupant, takeover.owner, takeover.at)
