import type { Bundle, FundsReserved } from '@recargas/contracts'
import type { Asked } from '../domain/answer.ts'

type AskedBundle = NonNullable<Asked['bundle']>

/** How a package's code is sent: in the catalogue's own spelling, or as the number the document types it as. */
export type PackageCodes = 'string' | 'integer'

/** The exact bytes of a `package_buy` request. A bundle is bought once; whatever follows is a question. */
export const purchaseBody = (job: FundsReserved, bundle: Bundle, codes: PackageCodes): string =>
  JSON.stringify({
    idempotency_token: job.topupId,
    amount: job.carrierAmount,
    provider_code: sentCode(bundle.provider, codes),
    destination_number: job.number,
    payment_token: job.topupId,
    package_code: sentCode(bundle.code, codes),
  })

/** What an answer about the purchase is compared with. */
export const askedBundle = ({ provider, code }: Bundle, codes: PackageCodes): AskedBundle => ({
  provider,
  code: sentCode(code, codes),
})

/** A code with a letter in it is no number, whatever the document says. */
const sentCode = (code: string, codes: PackageCodes): string | number =>
  codes === 'integer' && /^\d{1,15}$/.test(code) ? Number(code) : code
