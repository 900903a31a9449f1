import type { Attempt, Tokens } from './oidc.ts'
import type { Issuer } from './issuer.ts'
import { readObject, writeItem } from '../session/tab-storage.ts'

/** An issuer's answer, from which the access is renewed. */
export type Grant = Tokens & { readonly issuer: Issuer; readonly receivedAt: number }

/** A sign-in that has left for the issuer, and the screen to return to. */
export type Leaving = Attempt & { readonly issuer: Issuer; readonly path: string }

const grantName = 'recargas.grant'
const leavingName = 'recargas.sign-in'

export const readGrant = (): Grant | null => readObject(grantName) as Grant | null
export const keepGrant = (grant: Grant | null): void =>
  writeItem(grantName, grant === null ? null : JSON.stringify(grant))

export const keepLeaving = (leaving: Leaving): void =>
  writeItem(leavingName, JSON.stringify(leaving))

/** Each sign-in is answered once. */
export const takeLeaving = (): Leaving | null => {
  const leaving = readObject(leavingName) as Leaving | null
  writeItem(leavingName, null)
  return leaving
}

const longestMarginMs = 60_000
const marginPart = 0.25

/** True a minute before the access ends, or in the last quarter of a short one. */
export const isRenewalDue = (
  { refreshToken, receivedAt, lifetimeMs }: Grant,
  now: number,
): boolean => {
  if (refreshToken === null || lifetimeMs === null) return false
  const margin = Math.min(longestMarginMs, lifetimeMs * marginPart)
  return now >= receivedAt + lifetimeMs - margin
}
