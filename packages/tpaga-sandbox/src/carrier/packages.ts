import { packageProviders } from './providers.ts'

export type MobilePackage = {
  readonly name: string
  readonly description: string
  /** Whole units of the carrier. */
  readonly amount: number
  readonly validity: string
  /** A string for ever: "024" is not "24". */
  readonly package_code: string
  readonly sku: string | null
  readonly category_code: string
  readonly category_description: string
  readonly provider_code: string
}

const documented: readonly MobilePackage[] = [
  {
    name: '200 MINUTOS A TODO OPERADOR',
    description: '200 MNTS O 20DIAS',
    amount: 9900,
    validity: '20 DÍAS',
    package_code: '024',
    sku: '50015',
    category_code: '9',
    category_description: 'HABLAR',
    provider_code: '58',
  },
  {
    name: '18 MINUTOS A VENEZUELA - $5.000',
    description: '18MIN_A_VNZLA-30D',
    amount: 5000,
    validity: '30 DÍAS',
    package_code: '353',
    sku: '50050',
    category_code: '9',
    category_description: 'HABLAR',
    provider_code: '58',
  },
  {
    name: '1.5 GB DE NAVEGACION + MUNUTOS Y MENSAJES ILIMI. + REDES SOCIALES (WHATSAPP FACEBOOK TWITTER) + 7 DIAS POR $7.500',
    description: '1.5GB_MIN ILIMT+7D',
    amount: 7500,
    validity: '7 DIAS',
    package_code: '767',
    sku: '50130',
    category_code: '7',
    category_description: 'TODO INCLUIDO',
    provider_code: '58',
  },
  {
    name: 'TODO INCLUIDO CON MINUTOS ILIMITADOS CHAT DE WHATSAPP FACEBOOK Y TWITTER  12GB POR 30 DIAS',
    description: '12GB/ILIMITADO_30D',
    amount: 41000,
    validity: '30 DIAS',
    package_code: '939',
    sku: '50148',
    category_code: '7',
    category_description: 'TODO INCLUIDO',
    provider_code: '58',
  },
]

/** Number of packages to invent for each provider: 58 alone fills more than one page of 200. */
const generatedPerProvider: Readonly<Record<string, number>> = {
  '3': 80,
  '58': 240,
  '72': 60,
  '30': 80,
}

const catalogue: readonly MobilePackage[] = [...documented, ...generated()]
const byProvider = new Map(
  packageProviders.map(({ provider_code: code }) => [
    code,
    catalogue.filter((each) => each.provider_code === code),
  ]),
)

/** One page of the catalogue, of one provider or of all; an unknown provider has no packages. */
export function packagesPage(
  provider: string | undefined,
  page: number,
  perPage: number,
): readonly MobilePackage[] {
  const all = provider === undefined ? catalogue : (byProvider.get(provider) ?? [])
  return all.slice((page - 1) * perPage, page * perPage)
}

export type PackageLookup =
  | { readonly kind: 'found'; readonly mobilePackage: MobilePackage }
  | { readonly kind: 'unknown'; readonly field: 'provider_code' | 'package_code' }

/**
 * Finds the package of a purchase. The document types both codes as integers and shows strings: an integer is compared as a
 * number (24 buys "024"), a string must be the catalogue's own spelling.
 */
export function findPackage(provider: string | number, code: string | number): PackageLookup {
  const offered = byProvider.get(String(provider))
  if (!offered) return { kind: 'unknown', field: 'provider_code' }
  const found = offered.find((each) =>
    typeof code === 'number' ? Number(each.package_code) === code : each.package_code === code,
  )
  return found
    ? { kind: 'found', mobilePackage: found }
    : { kind: 'unknown', field: 'package_code' }
}

function generated(): MobilePackage[] {
  const taken = new Set(documented.map((each) => Number(each.package_code)))
  const packages: MobilePackage[] = []
  let code = 0
  for (const { provider_code: provider } of packageProviders) {
    for (let index = 0; index < (generatedPerProvider[provider] ?? 0); index += 1) {
      do code += 1
      while (taken.has(code))
      packages.push(invent(provider, code))
    }
  }
  return packages
}

function invent(provider: string, code: number): MobilePackage {
  const days = [1, 7, 15, 30][code % 4] ?? 30
  const gigabytes = 1 + (code % 40)
  const amount = 1000 + (code % 90) * 500
  const talk = code % 3 === 0
  return {
    name: talk ? `${gigabytes * 10} MINUTOS A TODO OPERADOR` : `${gigabytes} GB DE NAVEGACION`,
    description: talk ? `${gigabytes * 10}MIN_${days}D` : `${gigabytes}GB_${days}D`,
    amount,
    validity: `${days} DIAS`,
    package_code: String(code).padStart(3, '0'),
    // The document allows a null sku; a client must have met one.
    sku: code % 10 === 0 ? null : String(60_000 + code),
    category_code: talk ? '9' : '5',
    category_description: talk ? 'HABLAR' : 'NAVEGAR',
    provider_code: provider,
  }
}
