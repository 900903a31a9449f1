/** Pages that settings move to the operators' port, or shut. */
export type Pages = { readonly docs: boolean; readonly metrics: boolean }
export const everyPage: Pages = { docs: true, metrics: true }

/** An operation without a token, by method and path. */
export type PublicOperation = {
  readonly path: string
  /** The setting that shows it; health is public on every port of the gateway. */
  readonly page: keyof Pages | null
  readonly summary: string
  readonly type: 'application/json' | 'text/html' | 'text/plain'
  /** Statuses with their descriptions. */
  readonly replies: Readonly<Record<number, string>>
  /** An example for each status with a JSON body. */
  readonly examples?: Readonly<Record<number, object>>
}

const publicOperations: readonly PublicOperation[] = [
  {
    path: '/tienda',
    page: null,
    summary: 'The shop’s own screen',
    type: 'text/html',
    replies: { 200: 'a page that needs nothing from elsewhere', 404: 'this gateway has no screen' },
  },
  {
    path: '/tienda/acceso',
    page: null,
    summary: 'Where the screen signs a person in',
    type: 'application/json',
    replies: { 200: 'the issuer, if any, and the claims that name a person' },
    examples: {
      200: {
        emisor: 'https://id.example/realms/tienda',
        cliente: 'recargas-pantalla',
        alcance: 'openid',
        reclamos: {
          sujeto: ['sub'],
          nombre: ['username', 'name'],
          rol: ['roleName', 'rol'],
          id_rol: ['roleId'],
          comercio: ['merchant'],
          alcance: ['scope'],
        },
      },
    },
  },
  {
    path: '/openapi.json',
    page: 'docs',
    summary: 'This document',
    type: 'application/json',
    replies: { 200: 'OpenAPI 3.1' },
  },
  {
    path: '/docs',
    page: 'docs',
    summary: 'This document, to read and to try',
    type: 'text/html',
    replies: { 200: 'a page that needs nothing from elsewhere' },
  },
  {
    path: '/live',
    page: null,
    summary: 'Liveness of the process',
    type: 'application/json',
    replies: { 200: 'it does' },
    examples: { 200: { live: true, version: '0.1.0' } },
  },
  {
    path: '/ready',
    page: null,
    summary: 'Readiness of the gateway, part by part',
    type: 'application/json',
    replies: { 200: 'it can', 503: 'it cannot, and why' },
    examples: {
      200: { ready: true, parts: [{ name: 'ledger', ready: true, reason: null }] },
      503: {
        ready: false,
        parts: [{ name: 'ledger', ready: false, reason: 'database: no primary' }],
      },
    },
  },
  {
    path: '/metrics',
    page: 'metrics',
    summary: 'Figures for Prometheus',
    type: 'text/plain',
    replies: { 200: 'the figures' },
  },
]

/** The public operations of a port that shows these pages. */
export const publicOperationsOf = (pages: Pages): readonly PublicOperation[] =>
  publicOperations.filter(({ page }) => page === null || pages[page])
