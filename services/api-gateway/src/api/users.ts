import { Problem } from './problem.ts'
import type { Principal } from './route.ts'

/** User ids in bodies come from existing clients; only an Administrador may name another user. */
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

/** True when a text can be a user's id; an impossible one is not looked up. */
export const isUserId = (text: string): boolean =>
  text.length >= 1 && text.length <= 64 && !/[\p{Surrogate}\0]/u.test(text)

/** A user's id as a POS reads it: a number where it is one. */
export const userIdOnWire = (userId: string): number | string =>
  /^(0|[1-9][0-9]{0,14})$/.test(userId) ? Number(userId) : userId

const nameMax = 80

/** The name that stays with a person's word: the user's own, cut where it is long, and his id. */
export const personOf = ({ username, userId }: Principal): string => {
  const id = ` (${userId})`
  return `${Array.from(username)
    .slice(0, nameMax - id.length)
    .join('')}${id}`.trim()
}
