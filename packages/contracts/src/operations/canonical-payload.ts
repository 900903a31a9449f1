import { hash } from 'node:crypto'
import { operations, type TillPayload } from './registry.ts'

/** A payload as text that is the same wherever the till sent the same. */
export const canonicalPayload = (payload: TillPayload): string => {
  const values = payload as unknown as Readonly<Record<string, unknown>>
  const fields = Object.keys(operations[payload.kind].payload.shape)
  return JSON.stringify([payload.kind, ...fields.map((field) => [field, values[field] ?? null])])
}

/** SHA-256 of a {@link canonicalPayload}, base64url. */
export const fingerprintOf = (payload: TillPayload): string =>
  hash('sha256', canonicalPayload(payload), 'base64url')
