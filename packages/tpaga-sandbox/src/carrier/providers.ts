/** Slugs of `/service_providers`: the document's six, then the two Bolivian ones only the sandbox has. */
export const topupSlugs = [
  'movistar',
  'claro-movil',
  'avantel',
  'uff-movil',
  'etb',
  'tigo',
  'entel',
  'viva',
] as const
export type TopupSlug = (typeof topupSlugs)[number]

const names: Readonly<Record<TopupSlug, string>> = {
  movistar: 'Movistar',
  'claro-movil': 'Claro Móvil',
  avantel: 'Avantel',
  'uff-movil': 'Uff Móvil',
  etb: 'ETB',
  tigo: 'Tigo',
  entel: 'Entel',
  viva: 'Viva',
}

export const topupProviders = topupSlugs.map((slug) => ({
  slug,
  name: names[slug],
  icon_url: 'https://some-icon-url.com',
}))

export const packageProviders = [
  { name: 'TIGO', provider_code: '3' },
  { name: 'CLARO PAQUETES', provider_code: '58' },
  { name: 'VIRGIN MOBILE PAQUETES', provider_code: '72' },
  { name: 'MOVISTAR PAQUETES', provider_code: '30' },
].map(({ name, provider_code }) => ({
  name,
  provider_code,
  operator_logo_url: `https://storage.googleapis.com/bucket-faas/suppliers/${provider_code}.webp`,
  enabled: true,
}))
