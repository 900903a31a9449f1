/** Reasons of the present catalogue to refuse a till's request. */
export const catalogueRefusalCodes = [
  'MERCHANT_NOT_CONFIGURED',
  'OPERATOR_UNKNOWN',
  'AMOUNT_BELOW_MINIMUM',
  'AMOUNT_ABOVE_MAXIMUM',
  'AMOUNT_OFF_STEP',
  'NUMBER_NOT_OF_OPERATOR',
  'OPERATOR_WITHOUT_BUNDLES',
] as const

/**
 * Reasons of a gateway to let no new operation begin. A press with a key takes its refusal to the ledger, which stores it like
 * its own: an earlier press of that key may still be on its way, and must not sell after the cashier was told that nothing was
 * sold.
 */
export const gatewayRefusalCodes = [
  'CARRIER_UNAVAILABLE',
  'OPERATOR_NOT_OFFERED',
  'BUNDLE_UNKNOWN',
  'BUNDLE_NOT_OFFERED',
  'BUNDLE_PRICE_CHANGED',
  'BUNDLE_PRICE_UNCONFIRMED',
  ...catalogueRefusalCodes,
] as const

/**
 * Refusals of one press, which are never the outcome of its operation: the same id with another body; a press past its
 * time; a sale that is not taken after a restore, which may have been made before it. After the last two the id may be
 * asked for again.
 */
export const pressRefusalCodes = ['IDEMPOTENCY_KEY_REUSED', 'EXPIRED', 'SELLING_PAUSED'] as const
export type PressRefusalCode = (typeof pressRefusalCodes)[number]

/** Reasons to release a reservation of a top-up or a bundle. */
export const saleReleaseReasons = [
  'CARRIER_REJECTED',
  'CARRIER_INVALID',
  'CARRIER_UNAVAILABLE',
  'CARRIER_MISCONFIGURED',
  'RESOLVED_AS_REJECTED',
] as const

/** Reasons of a bundle alone: the adapter did not find it on the carrier's list as it was quoted, and sent nothing. */
export const bundleReleaseReasons = [
  'BUNDLE_NOT_OFFERED',
  'BUNDLE_PRICE_CHANGED',
  'BUNDLE_PRICE_UNCONFIRMED',
] as const
export const releaseReasons = [...saleReleaseReasons, ...bundleReleaseReasons] as const
export type ReleaseReason = (typeof releaseReasons)[number]

/** Throws for a bug or a broken invariant; never used to check input. */
export function invariant(condition: boolean, message: string): asserts condition {
  if (!condition) throw new Error(`invariant violated: ${message}`)
}

/** The message of an error, or the text of another thrown value. */
export const errorText = (error: unknown): string =>
  error instanceof Error ? error.message : String(error)

/** Makes a switch over a union exhaustive at compile time and loud at run time. */
export const assertNever = (value: never): never => {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`)
}
