/** What anybody may ask without a token, by method and path. */
export type PublicOperation = {
  readonly path: string
  readonly summary: string
  readonly type: 'application/json' | 'text/html' | 'text/plain'
  /** Statuses and what they say. */
  readonly replies: Readonly<Record<number, string>>
}

export const publicOperations: readonly PublicOperation[] = [
  {
    path: '/openapi.json',
    summary: 'This document',
    type: 'application/json',
    replies: { 200: 'OpenAPI 3.1' },
  },
  {
    path: '/docs',
    summary: 'This document, to read and to try',
    type: 'text/html',
    replies: { 200: 'a page that needs nothing from elsewhere' },
  },
  {
    path: '/live',
    summary: 'Whether the process runs',
    type: 'application/json',
    replies: { 200: 'it does' },
  },
  {
    path: '/ready',
    summary: 'Whether the gateway can serve, part by part',
    type: 'application/json',
    replies: { 200: 'it can', 503: 'it cannot, and why' },
  },
  {
    path: '/metrics',
    summary: 'Figures for Prometheus',
    type: 'text/plain',
    replies: { 200: 'the figures' },
  },
]
