import type { Bundle, FundsReserved } from '@recargas/contracts'

/** The fields of a request that an answer may repeat; each answer is compared with them. */
export type CarrierRequest = {
  readonly token: string
  readonly number: string
  readonly slug: string
  readonly amount: number
  /** The mobile package, with its code as it was sent. */
  readonly bundle?: { readonly provider: string; readonly code: string | number }
}

/** The spelling of a package's code: the catalogue's own, or the number that the document types it as. */
export type PackageCodes = 'string' | 'integer'

export type RequestSettings = {
  /** The name of the system that a sale comes from. */
  readonly paymentOrigin: string
  readonly packageCodes: PackageCodes
}

/** The exact bytes of a `topup_account` or `package_buy` request. */
export const requestBody = (job: FundsReserved, settings: RequestSettings): string =>
  job.bundle === undefined
    ? topupBody(job, settings.paymentOrigin)
    : purchaseBody(job, job.bundle, settings.packageCodes)

const topupBody = (job: FundsReserved, paymentOrigin: string): string =>
  JSON.stringify({
    idempotency_token: job.topupId,
    amount: job.carrierAmount,
    service_provider: job.slug,
    destination_number: job.number,
    payment_token: job.topupId,
    payment_origin: paymentOrigin,
  })

/** A bundle is bought once; every later call is a question. */
export const purchaseBody = (job: FundsReserved, bundle: Bundle, codes: PackageCodes): string =>
  JSON.stringify({
    idempotency_token: job.topupId,
    amount: job.carrierAmount,
    provider_code: sentCode(bundle.provider, codes),
    destination_number: job.number,
    payment_token: job.topupId,
    package_code: sentCode(bundle.code, codes),
  })

/** The request as its answers are compared with it. */
export const carrierRequest = (
  { topupId, number, slug, carrierAmount, bundle }: FundsReserved,
  codes: PackageCodes,
): CarrierRequest => ({
  token: topupId,
  number,
  slug,
  amount: carrierAmount,
  ...(bundle === undefined
    ? {}
    : { bundle: { provider: bundle.provider, code: sentCode(bundle.code, codes) } }),
})

/** A code with a letter in it is no number, though the document types it so. */
const sentCode = (code: string, codes: PackageCodes): string | number =>
  codes === 'integer' && /^\d{1,15}$/.test(code) ? Number(code) : code
