import { z } from 'zod'
import { type Answer, failure } from '../scenarios/answer.ts'
import { findPackage } from './packages.ts'
import { topupSlugs } from './providers.ts'

const text = (longest: number) => z.string().min(1).max(longest)
const destinationNumber = z.string().regex(/^\d{7,20}$/, 'must be 7 to 20 digits')
const code = z.union([z.string().min(1).max(20), z.int().nonnegative()])

const TopupBody = z.object({
  idempotency_token: text(128),
  amount: z.int().min(1).max(100_000),
  service_provider: z.enum(topupSlugs),
  destination_number: destinationNumber,
  payment_token: text(64),
  payment_origin: text(255),
})

const PackageBody = z.object({
  idempotency_token: text(128),
  amount: z.int().min(1),
  destination_number: destinationNumber,
  payment_token: text(64),
  provider_code: code,
  package_code: code,
})

const PackagesQuery = z.object({
  provider_identifier: z.string().max(20).optional(),
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  per_page: z.coerce.number().int().min(1).max(200).default(200),
})

/** A sale as it came in, in the carrier's own field names: they are echoed in every answer. */
export type TopupRequest = { readonly endpoint: 'topup_account' } & Readonly<
  z.infer<typeof TopupBody>
>
export type PackageRequest = {
  readonly endpoint: 'package_buy'
  readonly idempotency_token: string
  readonly amount: number
  readonly destination_number: string
  readonly payment_token: string
  readonly provider_code: string
  readonly package_code: string
}
export type SaleRequest = TopupRequest | PackageRequest
export type SaleEndpoint = SaleRequest['endpoint']

export type Parsed<T> =
  | { readonly kind: 'parsed'; readonly value: T }
  | { readonly kind: 'refused'; readonly answer: Answer }

/** Parses the body of a sale: 400 when it is not JSON, 422 with the field when a field is wrong. */
export function parseSale(endpoint: SaleEndpoint, body: string): Parsed<SaleRequest> {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch {
    return refused(failure(400, 'the body is not JSON'))
  }
  return endpoint === 'topup_account' ? parseTopup(json) : parsePackage(json)
}

export function parsePackagesQuery(query: URLSearchParams): Parsed<z.infer<typeof PackagesQuery>> {
  const parsed = PackagesQuery.safeParse(Object.fromEntries(query))
  return parsed.success ? { kind: 'parsed', value: parsed.data } : invalid(parsed.error)
}

/** True when a repeated token carries exactly the first request. */
export function sameSale(first: SaleRequest, second: SaleRequest): boolean {
  const before: Readonly<Record<string, unknown>> = first
  return Object.entries(second).every(([field, value]) => before[field] === value)
}

function parseTopup(json: unknown): Parsed<SaleRequest> {
  const parsed = TopupBody.safeParse(json)
  if (!parsed.success) return invalid(parsed.error)
  return { kind: 'parsed', value: { endpoint: 'topup_account', ...parsed.data } }
}

function parsePackage(json: unknown): Parsed<SaleRequest> {
  const parsed = PackageBody.safeParse(json)
  if (!parsed.success) return invalid(parsed.error)
  const lookup = findPackage(parsed.data.provider_code, parsed.data.package_code)
  if (lookup.kind === 'unknown') {
    return refused(failure(422, `${lookup.field}: there is no such package`, lookup.field))
  }
  const { amount, provider_code, package_code } = lookup.mobilePackage
  if (parsed.data.amount !== amount) {
    return refused(failure(422, `amount: the package costs ${amount}`, 'amount'))
  }
  const request = { ...parsed.data, provider_code, package_code }
  return { kind: 'parsed', value: { endpoint: 'package_buy', ...request } }
}

function invalid(error: z.ZodError): { kind: 'refused'; answer: Answer } {
  const issue = error.issues[0]
  const field = issue?.path[0]
  const message = issue?.message ?? 'invalid request'
  if (field === undefined) return refused(failure(422, message))
  return refused(failure(422, `${String(field)}: ${message}`, String(field)))
}

function refused(answer: Answer): { kind: 'refused'; answer: Answer } {
  return { kind: 'refused', answer }
}
