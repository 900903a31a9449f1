export * from './client.ts'
export type { Found, Problem, Sale, SaleOutcome } from './outcome.ts'
export type { Limits } from './sale.ts'
export type { components, paths } from './schema.ts'
