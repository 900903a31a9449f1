import { z } from 'zod'
import { Actor, Fingerprint, MerchantId, OperationId } from '../ids.ts'
import { Currency } from '../money.ts'
import { ShopSettings } from '../shop-settings.ts'

/** Fields of every command to the ledger. `operationId` has one effect, for ever. */
export const press = {
  operationId: OperationId,
  merchant: MerchantId,
  actor: Actor,
  requestedAt: z.iso.datetime(),
  /** After this instant the ledger refuses the command instead of carrying it out. */
  acceptUntil: z.iso.datetime(),
  /** The id was derived from an Idempotency-Key. Without one the duplicate guards watch injections. */
  keyed: z.boolean(),
  /** Fingerprint of the till's request: the same id with another one is refused. */
  fingerprint: Fingerprint,
}

/** A press that the catalogue allows also carries the shop's currency and settings. */
export const shopPress = { ...press, currency: Currency, shop: ShopSettings }
