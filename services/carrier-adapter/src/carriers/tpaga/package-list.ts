import { BundleOffer, BundleProvider } from '@recargas/contracts'
import type { AnswerBody } from '../../domain/call-result.ts'

/** The readable entries of a list of the carrier's. */
export type Readable<Entry> = {
  readonly entries: readonly Entry[]
  /** Number of entries in the carrier's list, readable or not. */
  readonly listed: number
}

const providersMax = 200
/** Texts for people are cut to the contract's lengths; codes and prices never are. */
const longest = { name: 300, description: 300, validity: 100, category: 100 } as const

/** The providers of packages, or null where the answer is no such list. Odd entries are left out, not the list. */
export const bundleProvidersOf = (body: AnswerBody): Readable<BundleProvider> | null =>
  readList(body, 'service_providers', providersMax, (entry) => {
    const parsed = BundleProvider.safeParse({
      provider: codeOf(field(entry, 'provider_code')),
      name: textOf(field(entry, 'name'), 100),
      logoUrl: logoOf(field(entry, 'operator_logo_url')),
      enabled: field(entry, 'enabled'),
    })
    return parsed.success ? parsed.data : null
  })

/**
 * One page of a provider's packages. An entry of another provider is left out: a list of one provider must not offer
 * another's packages.
 */
export const offersOf = (
  body: AnswerBody,
  provider: string,
  pageSize: number,
): Readable<BundleOffer> | null =>
  readList(body, 'packages', pageSize, (entry) => {
    const parsed = BundleOffer.safeParse({
      provider: codeOf(field(entry, 'provider_code')),
      code: codeOf(field(entry, 'package_code')),
      name: textOf(field(entry, 'name'), longest.name),
      description: textOf(field(entry, 'description') ?? '', longest.description),
      carrierAmount: field(entry, 'amount'),
      validity: textOf(field(entry, 'validity') ?? '', longest.validity),
      category: textOf(field(entry, 'category_description') ?? '', longest.category),
      sku: codeOf(field(entry, 'sku') ?? null),
    })
    return parsed.success && parsed.data.provider === provider ? parsed.data : null
  })

const readList = <Entry>(
  body: AnswerBody,
  name: string,
  max: number,
  read: (entry: unknown) => Entry | null,
): Readable<Entry> | null => {
  const list = body.kind === 'json' ? field(body.value, name) : undefined
  if (!Array.isArray(list)) return null
  const entries = list.slice(0, max).flatMap((entry: unknown) => read(entry) ?? [])
  return { entries, listed: list.length }
}

/** Own fields only, so that no inherited one is ever read. */
const field = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined

/** The document types codes as integers and shows strings; any other value stays as it is, to be refused. */
const codeOf = (value: unknown): unknown =>
  typeof value === 'number' && Number.isSafeInteger(value) ? String(value) : value

/** A picture nobody can show is no reason to hide the provider. */
const logoOf = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 500 && /^https?:\/\/[^\s]+$/.test(value)
    ? value
    : null

/** Text for people, on one line; any other value stays as it is, to be refused. */
const textOf = (value: unknown, lengthMax: number): unknown =>
  typeof value === 'string'
    ? value
        .replace(/[\p{C}\s]+/gu, ' ')
        .trim()
        .slice(0, lengthMax)
    : value
