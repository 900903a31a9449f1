import { Problem } from './problem.ts'
import type { Principal } from './route.ts'

/** User ids in bodies come from existing clients; only an Administrador may name somebody else. */
export const requireOwnUser = (
  principal: Principal,
  fields: Readonly<Record<string, string | undefined>>,
): void => {
  if (principal.role === 'Administrador') return
  for (const [field, userId] of Object.entries(fields)) {
    if (userId !== undefined && userId !== principal.userId) {
      throw new Problem('USER_MISMATCH', { field })
    }
  }
}

/** A user's id as a POS reads it: a number where it is one. */
export const userIdOnWire = (userId: string): number | string =>
  /^(0|[1-9][0-9]{0,14})$/.test(userId) ? Number(userId) : userId
