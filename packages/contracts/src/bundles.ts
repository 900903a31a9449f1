import { z } from 'zod'

/** The carrier's own spelling for ever: "024" is not "24". */
const CarrierCode = z.string().regex(/^[0-9A-Za-z_-]{1,20}$/)

/** A mobile package of the carrier, as it is bought. */
export const Bundle = z.strictObject({
  provider: CarrierCode,
  code: CarrierCode,
  name: z.string().min(1).max(300),
})
export type Bundle = z.infer<typeof Bundle>

/** A mobile package as the carrier lists it; `carrierAmount` is its price in the carrier's own unit. */
export const BundleOffer = z.strictObject({
  ...Bundle.shape,
  description: z.string().max(300),
  carrierAmount: z.int().positive(),
  validity: z.string().max(100),
  category: z.string().max(100),
  sku: z.string().max(64).nullable(),
})
export type BundleOffer = z.infer<typeof BundleOffer>

export const BundleProvider = z.strictObject({
  provider: CarrierCode,
  name: z.string().min(1).max(100),
  logoUrl: z.string().max(500).nullable(),
  enabled: z.boolean(),
})
export type BundleProvider = z.infer<typeof BundleProvider>

/** Age of this copy of the carrier's list; stale when the carrier did not give a newer one. */
const age = { ageSeconds: z.int().nonnegative(), stale: z.boolean() }

export const BundleProviders = z.strictObject({ ...age, providers: z.array(BundleProvider) })
export type BundleProviders = z.infer<typeof BundleProviders>

export const bundlePageSizeMax = 200

/** Selects a page of the carrier's packages, of one provider or of several in the given order. */
export const BundleQuery = z.strictObject({
  providers: z
    .string()
    .transform((text) => text.split(','))
    .pipe(z.array(CarrierCode).min(1).max(20)),
  page: z.coerce.number().int().min(1).max(10_000).default(1),
  perPage: z.coerce.number().int().min(1).max(bundlePageSizeMax).default(bundlePageSizeMax),
})
export type BundleQuery = z.infer<typeof BundleQuery>

export const BundlePage = z.strictObject({
  ...age,
  offers: z.array(BundleOffer),
  total: z.int().nonnegative(),
})
export type BundlePage = z.infer<typeof BundlePage>

/** One package as it can be bought now. */
export const BundleQuote = z.strictObject({ ...age, offer: BundleOffer, enabled: z.boolean() })
export type BundleQuote = z.infer<typeof BundleQuote>

/** The merchant's balance at the carrier, in its own unit. */
export const CarrierBalance = z.strictObject({
  balance: z.int(),
  maxLoanAmount: z.int().nonnegative(),
  /** Between these two moments the carrier's answer was true. */
  askedAt: z.iso.datetime(),
  answeredAt: z.iso.datetime(),
})
export type CarrierBalance = z.infer<typeof CarrierBalance>
